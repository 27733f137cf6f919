using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Monitor.Alerts;

/// <summary>
/// Judges every closed minute once per rule and deployment, in order, also those that passed while nobody judged. One replica works at a time.
/// </summary>
public sealed partial class AlertEvaluator(
    NpgsqlDataSource database, IOptions<AlertOptions> options, IOptions<TelemetryOptions> telemetry, ChangeNudge nudge, TimeProvider time,
    ILogger<AlertEvaluator> logger) : RecurringWork(time, logger)
{
    static readonly TimeSpan History = TimeSpan.FromHours(1);

    protected override TimeSpan Interval => options.Value.Interval;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var coverage = await TelemetryCoverage.ReadAsync(database, cancellationToken);
        if (coverage.Oldest is not { } first) return; // nothing was ever received: there is no minute to judge
        var closed = coverage.ClosedUntil(Time.GetUtcNow(), telemetry.Value.Grace).Floor(Resolutions.Minute);

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await AdvisoryLock.TryTakeAsync(connection, transaction, AdvisoryLock.Alerts, cancellationToken)) return;
        var rules = await AlertRuleStore.ListAsync(connection, cancellationToken);
        var alerts = (await AlertStore.ListAsync(connection, cancellationToken)).ToDictionary(alert => (alert.Rule, alert.Deployment));
        var changed = false;
        foreach (var deployment in await DeploymentStore.ListAsync(database, cancellationToken))
        {
            var due = rules.Where(rule => rule.Enabled && (rule.Deployment ?? deployment.Name) == deployment.Name)
                .Select(rule => (Rule: rule, Alert: alerts.GetValueOrDefault((rule.Id, deployment.Name)) ?? NewAlert(rule, deployment.Name, first, closed)))
                .Where(pair => pair.Alert.EvaluatedUntil < closed).ToList();
            if (due.Count > 0) changed |= await JudgeAsync(connection, transaction, deployment, due, coverage, closed, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        if (changed) nudge.Changed();
    }

    /// <summary>A rule that is new here begins with the last hour, so that it sees what is going on already.</summary>
    static Alert NewAlert(AlertRuleInfo rule, string deployment, DateTimeOffset first, DateTimeOffset closed)
    {
        var from = closed - History;
        if (from < first) from = first.Floor(Resolutions.Minute);
        return new Alert(Guid.CreateVersion7(closed), rule.Id, deployment, from, AlertStatus.New(from));
    }

    async Task<bool> JudgeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, DeploymentInfo deployment, List<(AlertRuleInfo Rule, Alert Alert)> due,
        TelemetryCoverage coverage, DateTimeOffset closed, CancellationToken cancellationToken)
    {
        var since = due.Min(pair => pair.Alert.EvaluatedUntil);
        if (since < closed - options.Value.CatchUp) since = closed - options.Value.CatchUp;
        var buckets = await SeriesStore.ReadAsync(database, deployment.Name, Resolutions.Minute, since - History, closed, cancellationToken);
        var minutes = MinuteFigures.Of(buckets, coverage, since - History, closed);
        var week = (await BaselineStore.FindLockedAsync(database, deployment.Name, cancellationToken))?.Content.HourOfWeek;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(deployment.Zone);
        var changed = false;
        foreach (var (rule, start) in due)
        {
            var alert = start;
            foreach (var (minute, index) in minutes.Select((minute, index) => (minute, index)))
            {
                if (minute.Start < alert.EvaluatedUntil || minute.Start < since) continue;
                var usual = week?[HourOfWeek.Of(minute.Start, zone)];
                var history = minutes.GetRange(Math.Max(0, index - 60), Math.Min(60, index));
                var observation = AlertConditions.Observe(rule, deployment, minute, history, alert.Status.Reference, usual);
                var next = alert with { EvaluatedUntil = minute.End, Status = AlertStateMachine.Next(alert.Status, observation, rule.ForMinutes) };
                if (next.Status.State != alert.Status.State)
                {
                    await AlertStore.SaveAsync(connection, transaction, next, cancellationToken); // a transition refers to its alert
                    await AlertStore.TransitAsync(connection, transaction, alert.Status.State, next, rule, cancellationToken);
                    LogChanged(rule.Name, deployment.Name, alert.Status.State, next.Status.State, next.Status.Summary);
                    changed = true;
                }
                alert = next;
            }
            await AlertStore.SaveAsync(connection, transaction, alert with { EvaluatedUntil = closed }, cancellationToken);
        }
        return changed;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Alert '{Rule}' on {Deployment}: {From} -> {To}. {Summary}")]
    partial void LogChanged(string rule, string deployment, AlertState from, AlertState to, string summary);
}
