using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Evaluation;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Evaluations;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Alerts.Rules;

/// <summary>Runs a rule over what is past, by the same conditions and the same state machine as the evaluator, and keeps nothing.</summary>
sealed class RulePreview(
    NpgsqlDataSource database, HoldoutReader holdouts, IOptions<AlertOptions> options, IOptions<TelemetryOptions> telemetry, TimeProvider time)
{
    static readonly TimeSpan History = TimeSpan.FromHours(1), Piece = TimeSpan.FromHours(6);
    readonly AlertReferences references = new(database);

    /// <returns>Null for metrics that keep no history.</returns>
    public async Task<AlertRulePreview?> RunAsync(
        AlertRuleInfo rule, DeploymentInfo deployment, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var fold = new PreviewFold(rule, from);
        switch (AlertCadence.Of(rule))
        {
            case AlertFacts.Minutes:
                await MinutesAsync(fold, rule, deployment, from, to, cancellationToken);
                return fold.Result(rule.Comparison == AlertComparison.DropsBy ? null : AlertThresholds.Of(rule, deployment));
            case AlertFacts.Days:
                await DaysAsync(fold, rule, deployment, from, to, cancellationToken);
                return fold.Result(null);
            case AlertFacts.DriftReports:
                foreach (var report in await Documents.ListAsync<DriftReport>(database,
                    "select report from drift_reports where deployment = @deployment and evaluated_at >= @from and evaluated_at < @to order by evaluated_at",
                    new { deployment = deployment.Name, from = from.ToUniversalTime(), to = to.ToUniversalTime() }, cancellationToken))
                    fold.Add(DriftConditions.Observe(rule, report));
                return fold.Result(rule.Threshold);
            case AlertFacts.LiveHoldouts:
                foreach (var evaluation in (await EvaluationStore.ListAsync(database, deployment.Name, EvaluationPurposes.LiveHoldout, cancellationToken))
                    .Where(evaluation => evaluation.At >= from && evaluation.At < to && evaluation.MeanAveragePrecision() is not null).OrderBy(evaluation => evaluation.At))
                    fold.Add(HoldoutConditions.Observe(rule, evaluation, await FactJudge.VerdictAsync(holdouts, rule, deployment, evaluation, cancellationToken)));
                return fold.Result(null);
            default:
                return null;
        }
    }

    async Task MinutesAsync(
        PreviewFold fold, AlertRuleInfo rule, DeploymentInfo deployment, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var step = options.Value.Step;
        var coverage = await TelemetryCoverage.ReadAsync(database, cancellationToken);
        var closed = coverage.ClosedUntil(time.GetUtcNow(), telemetry.Value.Grace);
        var (start, end) = (from.Floor((int)step.TotalSeconds), (to < closed ? to : closed).Floor((int)step.TotalSeconds));
        if (coverage.Oldest is not { } oldest) return;
        if (start < oldest) start = oldest.Floor((int)step.TotalSeconds); // before anything was ever received nothing was missing
        var zone = TimeZoneInfo.FindSystemTimeZoneById(deployment.Zone);
        var reference = rule.Comparison == AlertComparison.DropsBy && await BaselineStore.FindLockedAsync(database, deployment.Name, cancellationToken) is { } locked
            ? await references.ReadAsync(rule, locked.Info, deployment.Zone, coverage, cancellationToken)
            : null;
        var parts = RuleSeries.PartsFor([rule]);
        var tail = new List<MinuteFigures>();
        for (var piece = start; piece < end; piece += Piece)
        {
            var until = piece + Piece < end ? piece + Piece : end;
            var first = tail.Count == 0 ? piece - History : piece;
            var read = await RuleSeries.ReadAsync(database, deployment.Name, RuleTraffic.Of(rule), parts, coverage, first, until, step, cancellationToken);
            var minutes = tail.Concat(read).ToList();
            for (var index = 0; index < minutes.Count; index++)
                if (minutes[index].Start >= piece)
                    fold.Add(MinuteJudge.Observe(rule, deployment, minutes, index, reference, zone, fold.Status), MinuteConditions.Measure(rule.Metric, minutes[index]));
            tail = [.. minutes.TakeLast((int)(History / step)).Select(minute => minute with { Sketch = null })];
        }
    }

    async Task DaysAsync(PreviewFold fold, AlertRuleInfo rule, DeploymentInfo deployment, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var coverage = await TelemetryCoverage.ReadAsync(database, cancellationToken);
        var locked = await BaselineStore.FindLockedAsync(database, deployment.Name, cancellationToken);
        var reference = locked is null ? null : await references.ReadAsync(rule, locked.Info, deployment.Zone, coverage, cancellationToken);
        foreach (var (start, end) in LocalDays.Ended(from, to, TimeZoneInfo.FindSystemTimeZoneById(deployment.Zone)))
            fold.Add(ConfidenceConditions.Observe(rule, end, await RuleSeries.DetectedAsync(database, deployment.Name, RuleTraffic.OfModel(rule, deployment.Champion), start, end, cancellationToken), reference));
    }
}
