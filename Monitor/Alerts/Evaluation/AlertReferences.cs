using Dapper;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>Keeps what rules compare with: read from the series of a baseline once, since those go sooner than the baseline does.</summary>
sealed class AlertReferences(NpgsqlDataSource database)
{
    static readonly TimeSpan Piece = TimeSpan.FromDays(1);
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>What each of some rules compares minutes with by the deployment's locked baseline; null for those that do not, and before there is one.</summary>
    public async Task<Dictionary<JudgedRule, AlertReference?>> OfAsync(
        EvaluationRound round, DeploymentInfo deployment, IReadOnlyList<JudgedRule> due, CancellationToken cancellationToken)
    {
        var baseline = await BaselineStore.FindLockedAsync(database, deployment.Name, cancellationToken);
        var found = new Dictionary<JudgedRule, AlertReference?>();
        foreach (var judged in due)
            found[judged] = baseline is not null && judged.Rule.Comparison == AlertComparison.DropsBy
                ? await OfAsync(round.Connection, round.Transaction, judged.Rule, baseline.Info, deployment.Zone, round.Coverage, cancellationToken)
                : null;
        return found;
    }

    public async Task<AlertReference> OfAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, AlertRuleInfo rule, BaselineInfo baseline, string zone, TelemetryCoverage coverage,
        CancellationToken cancellationToken)
    {
        var kept = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select reference from alert_references where rule = @rule and baseline = @baseline",
            new { rule = rule.Id, baseline = baseline.Id }, transaction, cancellationToken: cancellationToken));
        if (kept is not null) return Documents.Read<AlertReference>(kept);
        var reference = await ReadAsync(rule, baseline, zone, coverage, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into alert_references (rule, baseline, reference) values (@rule, @baseline, @json::jsonb)",
            new { rule = rule.Id, baseline = baseline.Id, json = Documents.Write(reference) }, transaction, cancellationToken: cancellationToken));
        return reference;
    }

    /// <summary>Reads the series of the baseline, without keeping what comes out.</summary>
    public async Task<AlertReference> ReadAsync(
        AlertRuleInfo rule, BaselineInfo baseline, string zone, TelemetryCoverage coverage, CancellationToken cancellationToken)
    {
        var traffic = RuleTraffic.Of(rule);
        if (rule.Metric == AlertMetric.MeanConfidence) traffic = traffic with { Model = baseline.Model };
        var (from, until) = (baseline.From.Floor(Resolutions.Minute), (baseline.LockedAt ?? baseline.From).Floor(Resolutions.Minute));
        var minutes = new List<MinuteFigures>();
        for (var start = from; start < until; start += Piece)
        {
            var end = start + Piece < until ? start + Piece : until;
            var read = await RuleSeries.ReadAsync(database, baseline.Deployment, traffic, SketchParts.Counts, coverage, start, end, Minute, cancellationToken);
            minutes.AddRange(read.Select(minute => minute with { Sketch = null }));
        }
        return AlertReference.Of(rule.Metric, minutes, TimeZoneInfo.FindSystemTimeZoneById(zone));
    }
}
