using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Drift;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Replays;

/// <summary>What is carried from period to period of a replay.</summary>
/// <param name="Rules">The rules as they were when the replay began, and where they stand.</param>
sealed record ReplayJudgement(IReadOnlyList<ReplayedRule> Rules)
{
    /// <summary>Judges the next period.</summary>
    /// <param name="baseline">Null while the replay is in its baseline.</param>
    /// <param name="minutes">The replay's minutes from <see cref="ReplayedRule.History"/> before the period to its end.</param>
    /// <param name="cells">The replay's cells from <see cref="ReplayDrift.ReadFrom"/> to the end of the period; none in the baseline.</param>
    /// <returns>The period's report, and what is carried to the next.</returns>
    public (ReplayPeriod Period, ReplayJudgement Next) Judge(
        Replay replay, DateTimeOffset end, SignalWindow? baseline, IReadOnlyList<SeriesBucket> minutes, IReadOnlyList<SeriesBucket> cells,
        DriftOptions options)
    {
        var from = replay.JudgedUntil;
        var sum = SeriesSketch.Sum(minutes.Where(bucket => bucket.Start >= from && bucket.Start < end).Select(bucket => bucket.Sketch));
        var signals = baseline is null || sum.Requests == 0 ? [] : ReplayDrift.Compare(replay, baseline, cells, end, options);
        DriftLevel? level = baseline is null ? null : signals.Count == 0 ? DriftLevel.Inconclusive : DriftJudge.Overall(signals);
        var period = new ReplayPeriod(
            from, end, sum.Requests, sum.Outcomes[(int)RequestOutcome.BadInput], sum.Detections, sum.MeanDetectionsPerRequest, sum.MeanConfidence,
            Brightness(sum), baseline is null, level, signals);
        return (period, new ReplayJudgement([.. Rules.Select(rule => rule.Judge(replay, period, minutes))]));
    }

    /// <summary>Mean luma, [0, 255]; null without frames.</summary>
    static double? Brightness(SeriesSketch sum)
    {
        var histogram = sum.Brightness.ToSparse();
        var total = histogram.Total;
        return total == 0 ? null
            : Enumerable.Range(0, histogram.Bins.Count).Sum(i => SignalBins.Brightness.LowerEdge(histogram.Bins[i]) * histogram.Counts[i]) / total;
    }
}
