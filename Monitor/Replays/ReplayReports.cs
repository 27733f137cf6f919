using Npgsql;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Replays;

/// <summary>Puts the judged periods of a replay together.</summary>
static class ReplayReports
{
    public static async Task<ReplayReport> ReadAsync(NpgsqlDataSource database, Replay replay, CancellationToken cancellationToken)
    {
        var periods = await ReplayStore.PeriodsAsync(database, replay.Id, cancellationToken);
        var rules = (await ReplayStore.JudgementAsync(database, replay.Id, cancellationToken))?.Rules ?? [];
        return new ReplayReport(replay.Id, replay.Deployment, replay.Start.Name, replay.Start.Model, replay.From, replay.To, replay.BaselineUntil,
            replay.JudgedUntil, replay.JudgedUntil >= replay.To, FiguresOf(periods, rules), periods,
            [.. rules.SelectMany(rule => rule.Firings).OrderBy(alert => alert.FiredAt)],
            [.. rules.Where(rule => rule.NotJudged is not null).Select(rule => new ReplaySkippedRule(rule.Rule.Id, rule.Rule.Name, rule.NotJudged!))]);
    }

    /// <summary>Sums over periods. Pure.</summary>
    internal static ReplayFigures FiguresOf(IReadOnlyList<ReplayPeriod> periods, IReadOnlyList<ReplayedRule> rules)
    {
        var (frames, detections) = (periods.Sum(period => period.Frames), periods.Sum(period => period.Detections));
        double answered = periods.Sum(period => period.DetectionsPerRequest is > 0 and var each ? period.Detections / each : 0);
        var drifted = periods.Where(period => period.Level == DriftLevel.Drift).ToList();
        return new ReplayFigures(frames, periods.Sum(period => period.Unreadable), detections, answered > 0 ? detections / answered : null,
            detections == 0 ? null : periods.Sum(period => period.MeanConfidence * period.Detections ?? 0) / detections,
            periods.Count, drifted.Count, drifted.FirstOrDefault()?.From,
            periods.Reverse().TakeWhile(period => period.Level == DriftLevel.Drift).LastOrDefault()?.From, rules.Sum(rule => rule.Firings.Count));
    }
}
