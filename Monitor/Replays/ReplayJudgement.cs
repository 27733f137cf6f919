using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Drift;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Replays;

/// <summary>What is carried from period to period of a replay.</summary>
/// <param name="Baseline">Null until the baseline is over.</param>
/// <param name="Rules">The rules as they were when the replay began, and where they stand.</param>
sealed record ReplayJudgement(IReadOnlyList<SignalSample>? Baseline, IReadOnlyList<ReplayedRule> Rules)
{
    /// <summary>Judges the next period.</summary>
    /// <param name="minutes">The replay's minutes from an hour before the period to its end.</param>
    /// <returns>The period's report, and what is carried to the next.</returns>
    public (ReplayPeriod Period, ReplayJudgement Next) Judge(
        Replay replay, DateTimeOffset to, IReadOnlyList<SeriesBucket> minutes, DriftOptions options)
    {
        var from = replay.JudgedUntil;
        var period = minutes.Where(bucket => bucket.Start >= from).ToList();
        var inBaseline = from < replay.BaselineUntil;
        var signals = inBaseline || Baseline is null || period.Count == 0 ? []
            : ReplayDrift.Compare(Baseline, ReplayDrift.Sample(period, replay.Start.Model, from, to, options), options);
        var sum = SeriesSketch.Sum(period.Select(bucket => bucket.Sketch));
        DriftLevel? level = inBaseline ? null : signals.Count == 0 ? DriftLevel.Inconclusive : DriftJudge.Overall(signals);
        return (
            new ReplayPeriod(from, to, sum.Requests, sum.Outcomes[(int)RequestOutcome.BadInput], sum.Detections, sum.MeanDetectionsPerRequest,
                sum.MeanConfidence, Brightness(sum), inBaseline, level, signals),
            this with { Rules = [.. Rules.Select(rule => rule.Judge(replay, minutes, from, level, signals, to))] });
    }

    /// <summary>Luma of the period's frames, [0, 255]; null without any.</summary>
    static double? Brightness(SeriesSketch sum)
    {
        var histogram = sum.Brightness.ToSparse();
        var total = histogram.Total;
        return total == 0 ? null
            : Enumerable.Range(0, histogram.Bins.Count).Sum(i => SignalBins.Brightness.LowerEdge(histogram.Bins[i]) * histogram.Counts[i]) / total;
    }
}
