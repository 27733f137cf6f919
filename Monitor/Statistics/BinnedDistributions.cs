using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Statistics;

/// <summary>Two histograms on the same bins, walked together.</summary>
public static class BinnedDistributions
{
    /// <summary>For each bin that either holds, ascending: the bin and F_a - F_b at its upper edge. Both must be non-empty.</summary>
    public static IEnumerable<(int Bin, double Difference)> Differences(SparseHistogram a, SparseHistogram b)
    {
        double totalA = a.Total, totalB = b.Total;
        int i = 0, j = 0;
        long seenA = 0, seenB = 0;
        while (i < a.Bins.Count || j < b.Bins.Count)
        {
            var bin = Math.Min(i < a.Bins.Count ? a.Bins[i] : int.MaxValue, j < b.Bins.Count ? b.Bins[j] : int.MaxValue);
            if (i < a.Bins.Count && a.Bins[i] == bin) seenA += a.Counts[i++];
            if (j < b.Bins.Count && b.Bins[j] == bin) seenB += b.Counts[j++];
            yield return (bin, seenA / totalA - seenB / totalB);
        }
    }

    /// <summary>
    /// The Kolmogorov-Smirnov distance of the binned values, and the bin where it is reached. It never exceeds the distance of the values
    /// themselves and falls short of it by at most the larger share that any single bin holds. Zero when either is empty.
    /// </summary>
    public static (double Distance, int Bin) KolmogorovSmirnov(SparseHistogram a, SparseHistogram b)
    {
        var (distance, at) = (0.0, 0);
        if (a.Total == 0 || b.Total == 0) return (distance, at);
        foreach (var (bin, difference) in Differences(a, b))
            if (Math.Abs(difference) > distance) (distance, at) = (Math.Abs(difference), bin);
        return (distance, at);
    }

    /// <summary>By how much the distance of the values can exceed the binned one at most: the largest share that a single bin holds on either side.</summary>
    public static double ErrorBound(SparseHistogram a, SparseHistogram b) => Math.Max(LargestShare(a), LargestShare(b));

    static double LargestShare(SparseHistogram histogram) => histogram.Counts.Count == 0 ? 0 : histogram.Counts.Max() / (double)histogram.Total;
}
