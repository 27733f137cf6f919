using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.Monitor.Evaluations;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>
/// Judges every fact once per rule and deployment, in order, also those that passed while nobody judged. One replica works at a time.
/// </summary>
public sealed partial class AlertEvaluator(
    NpgsqlDataSource database, HoldoutReader holdouts, IOptions<AlertOptions> options, IOptions<TelemetryOptions> telemetry, ChangeNudge nudge,
    TimeProvider time, ILogger<AlertEvaluator> logger) : RecurringWork(time, logger)
{
    readonly AlertReferences references = new(database);
    readonly ListeningPeriod listening = new(telemetry.Value.Grace, options.Value.Interval);

    protected override TimeSpan Interval => options.Value.Interval;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        var listened = listening.IsLongEnough(await TelemetryCoverage.ReadAsync(database, cancellationToken), now);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await AdvisoryLock.TryTakeAsync(connection, transaction, AdvisoryLock.Alerts, cancellationToken)) return;

        var late = await LateTelemetry.ListAsync(connection, transaction, cancellationToken);
        var coverage = await TelemetryCoverage.ReadAsync(database, cancellationToken); // after it: what is late is covered
        var everyRule = await AlertRuleStore.ListStoredAsync(connection, cancellationToken);
        var rules = everyRule.Where(rule => !rule.Deleted).Select(rule => rule.Info).ToList();
        var infos = everyRule.Select(rule => rule.Info).ToList();
        var round = new EvaluationRound(connection, transaction, rules, await AlertStore.ListAllAsync(connection, cancellationToken), coverage, now);
        var closed = coverage.ClosedUntil(now, telemetry.Value.Grace, options.Value.CatchUp).Floor((int)options.Value.Step.TotalSeconds);
        var minutes = new MinuteJudge(database, references, options.Value);
        var facts = new FactJudge(database, references, holdouts);
        var deployments = await DeploymentStore.ListAsync(database, cancellationToken);
        if (!listened || !round.HasCaughtUp(closed)) late = [];
        var again = new LateJudge(database, references, options.Value, late);
        foreach (var deployment in deployments)
        {
            if (coverage.Oldest is { } first && listened)
            {
                await again.JudgeAsync(round, deployment, cancellationToken);
                await minutes.JudgeAsync(round, deployment, first, closed, cancellationToken);
                await again.NoteAsync(round, deployment, cancellationToken);
                await facts.JudgeDaysAsync(round, deployment, closed, cancellationToken);
            }
            await facts.JudgeDriftAsync(round, deployment, cancellationToken);
            await facts.JudgeHoldoutsAsync(round, deployment, cancellationToken);
        }
        await new ScheduleJudge(options.Value).JudgeAsync(round, deployments, cancellationToken);
        await round.WithdrawAsync(infos, deployments.Select(deployment => deployment.Name).ToHashSet(), cancellationToken);
        await round.EndTestsAsync(infos, options.Value.TestDuration, cancellationToken);
        await LateTelemetry.ForgetAsync(connection, transaction, late, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into alert_rounds (ran_at, closed_until) values (@now, @closed)
            on conflict (only_row) do update set ran_at = excluded.ran_at, closed_until = excluded.closed_until
            """,
            new { now, closed }, transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);

        foreach (var (rule, deployment, from, to) in round.Transitions) LogChanged(rule, deployment, from, to.State, to.Summary);
        if (round.Transitions.Count > 0) nudge.Changed();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Alert '{Rule}' on {Deployment}: {From} -> {To}. {Summary}")]
    partial void LogChanged(string rule, string deployment, AlertState from, AlertState to, string summary);
}
