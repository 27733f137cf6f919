using System.Globalization;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>
/// Monitors the monitor: how far folded telemetry is behind what arrives, and how long ago alerts were judged. Works apart from the evaluator, so
/// that it notices when that one stands still.
/// </summary>
public sealed partial class EvaluatorWatch(
    NpgsqlDataSource database, IOptions<AlertOptions> options, IOptions<TelemetryOptions> telemetry, ChangeNudge nudge, TimeProvider time,
    ILogger<EvaluatorWatch> logger) : RecurringWork(time, logger)
{
    protected override TimeSpan Interval => options.Value.Interval;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        var minute = now.Floor((int)options.Value.Step.TotalSeconds);
        var coverage = await TelemetryCoverage.ReadAsync(database, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await AdvisoryLock.TryTakeAsync(connection, transaction, AdvisoryLock.AlertWatch, cancellationToken)) return;
        var ranAt = await connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition("select ran_at from alert_rounds", transaction: transaction, cancellationToken: cancellationToken));
        var rules = await AlertRuleStore.ListAsync(connection, cancellationToken);
        var round = new EvaluationRound(connection, transaction, rules, await AlertStore.ListAsync(connection, cancellationToken), coverage, now);
        foreach (var judged in round.Of(AlertInfo.StackWide, AlertFacts.Progress, minute - options.Value.Step).Where(judged => judged.Alert.EvaluatedUntil < minute))
            await round.JudgeAsync(judged, [minute], (at, _) => Observe(judged.Rule, at, now, coverage, telemetry.Value.Grace, ranAt), minute, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var (_, _, from, to) in round.Transitions) LogChanged(from, to.State, to.Summary);
        if (round.Transitions.Count > 0) nudge.Changed();
    }

    /// <param name="at">The minute that is judged.</param>
    /// <param name="grace">Replicas not heard of for this long are no sign of Monitor's own lag.</param>
    /// <param name="ranAt">When alerts were last judged; null = never.</param>
    public static RuleObservation Observe(
        AlertRuleInfo rule, DateTimeOffset at, DateTimeOffset now, TelemetryCoverage coverage, TimeSpan grace, DateTimeOffset? ranAt)
    {
        var limit = rule.Threshold ?? AlertThresholds.DefaultLag;
        var slowest = coverage.Boots.Where(boot => boot.ReceivedAt >= now - grace).MaxBy(boot => boot.ReceivedAt - boot.Watermark);
        var folding = slowest is null ? 0 : (slowest.ReceivedAt - slowest.Watermark).TotalSeconds;
        var judging = ranAt is { } ran ? (now - ran).TotalSeconds : 0;
        var (lag, what) = folding >= judging
            ? (folding, slowest is null ? "telemetry is folded" : $"telemetry of {slowest.Replica} is folded")
            : (judging, "alerts were judged");
        lag = Math.Max(0, lag);
        return new(at, lag > limit ? Observation.Breach : Observation.Fine, lag, limit, null, string.Create(CultureInfo.InvariantCulture,
            $"Monitor is {lag:0} s behind, by when {what}; up to {limit:0} s are fine."));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Monitor's own progress: {From} -> {To}. {Summary}")]
    partial void LogChanged(AlertState from, AlertState to, string summary);
}
