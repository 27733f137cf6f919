using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Evaluation;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.Monitor.Drift;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Monitor.Replays;

/// <summary>
/// Walks through the time of replays as far as it is counted, period by period, each judged once. The frames' own time is the only clock: what a
/// replay says does not depend on when, or how fast, it ran. Nothing of it is published: it notifies nobody and moves no loop.
/// </summary>
sealed partial class ReplayEvaluator(
    NpgsqlDataSource database, IOptions<ReplayOptions> options, IOptions<DriftOptions> drift, TimeProvider time, ILogger<ReplayEvaluator> logger)
    : RecurringWork(time, logger)
{
    DateTimeOffset lastCleared;

    protected override TimeSpan Interval => options.Value.Interval;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await ClearAsync(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await AdvisoryLock.TryTakeAsync(connection, transaction, AdvisoryLock.Replays, cancellationToken)) return;
        foreach (var replay in await ReplayStore.UnjudgedAsync(database, cancellationToken)) await WalkAsync(connection, replay, cancellationToken);
    }

    async Task WalkAsync(NpgsqlConnection connection, Replay replay, CancellationToken cancellationToken)
    {
        if (replay.NextPeriodEnd is not { } first || first > replay.Watermark) return;
        var judgement = await ReplayStore.JudgementAsync(database, replay.Id, cancellationToken)
            ?? new ReplayJudgement(ReplayedRule.Begin(await AlertRuleStore.ListAsync(connection, cancellationToken), replay));
        SignalWindow? baseline = null;
        while (replay.NextPeriodEnd is { } end && end <= replay.Watermark)
        {
            if (baseline is null && replay.JudgedUntil >= replay.BaselineUntil)
                (baseline, judgement) = await LearnAsync(replay, judgement, cancellationToken);
            var minutes = await ReplaySeries.ReadAsync(database, replay, replay.JudgedUntil - ReplayedRule.History, end, cancellationToken);
            var cells = baseline is null ? []
                : await ReplaySeries.CellsAsync(database, replay, ReplayDrift.ReadFrom(replay, end, drift.Value), end, baseline.CellSeconds, cancellationToken);
            var (period, next) = judgement.Judge(replay, end, baseline, minutes, cells, drift.Value);
            await ReplayStore.KeepAsync(database, replay.Id, period, next, cancellationToken);
            (replay, judgement) = (replay with { JudgedUntil = end }, next);
        }
        LogWalked(replay.Id, replay.JudgedUntil, replay.To);
    }

    /// <summary>Takes the first part of the frames as the baseline, of drift and of rules; the same frames teach the same each time.</summary>
    async Task<(SignalWindow Baseline, ReplayJudgement Judgement)> LearnAsync(
        Replay replay, ReplayJudgement judgement, CancellationToken cancellationToken)
    {
        var learned = judgement.Rules.Select(_ => new List<MinuteFigures>()).ToList();
        for (var from = replay.From; from < replay.BaselineUntil; from += ReplaySeries.Piece)
        {
            var to = from + ReplaySeries.Piece < replay.BaselineUntil ? from + ReplaySeries.Piece : replay.BaselineUntil;
            var minutes = await ReplaySeries.ReadAsync(database, replay, from, to, cancellationToken);
            foreach (var (rule, figures) in judgement.Rules.Zip(learned)) figures.AddRange(rule.FiguresOf(minutes, from, to));
        }
        var cells = await ReplaySeries.CellsAsync(
            database, replay, replay.From, replay.BaselineUntil, ReplayDrift.CellSecondsOf(replay), cancellationToken);
        return (ReplayDrift.Baseline(replay, cells, drift.Value),
            new ReplayJudgement([.. judgement.Rules.Zip(learned, (rule, figures) => rule.Learn(replay, figures))]));
    }

    async Task ClearAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        if (now - lastCleared < TimeSpan.FromHours(1)) return;
        lastCleared = now;
        await ReplayStore.DeleteBeforeAsync(database, now - options.Value.Keep, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Replay {Replay} is judged until {Until} of {To}")]
    partial void LogWalked(Guid replay, DateTimeOffset until, DateTimeOffset to);
}
