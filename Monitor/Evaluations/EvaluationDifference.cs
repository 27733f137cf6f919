using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>
/// The difference of two evaluations' mAP with its interval. Images of both are resampled together: an image that both hold counts in both, with the
/// same weight. On the same images this is the paired bootstrap, on disjoint ones two independent ones; holdouts that renew themselves lie between.
/// </summary>
static class EvaluationDifference
{
    /// <returns>Later minus earlier, its 95 % interval (null when nothing can be resampled), and how many images both hold.</returns>
    public static (double Difference, Interval? Interval, int Shared) Of(CocoMatches earlier, CocoMatches later, int resamples, int seed)
    {
        var units = earlier.Keys.Union(later.Keys).Select((key, index) => (key, index)).ToDictionary(pair => pair.key, pair => pair.index);
        int[] first = [.. earlier.Keys.Select(key => units[key])], last = [.. later.Keys.Select(key => units[key])];
        var (weightsFirst, weightsLast) = (new int[first.Length], new int[last.Length]);
        double Difference(ReadOnlySpan<int> draws)
        {
            for (var i = 0; i < first.Length; i++) weightsFirst[i] = draws[first[i]];
            for (var i = 0; i < last.Length; i++) weightsLast[i] = draws[last[i]];
            return CocoEvaluator.MeanAveragePrecision(later, weightsLast) - CocoEvaluator.MeanAveragePrecision(earlier, weightsFirst);
        }
        int[] once = [.. Enumerable.Repeat(1, units.Count)];
        return (Difference(once), Bootstrap.Interval(units.Count, Difference, resamples, seed), earlier.Keys.Intersect(later.Keys).Count());
    }
}
