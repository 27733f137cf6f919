namespace RetrainLoop.Contracts;

/// <summary>Counts on fixed bins, only the non-empty ones: bin indices ascending, counts of the same length, all positive.</summary>
public sealed record SparseHistogram(IReadOnlyList<int> Bins, IReadOnlyList<long> Counts)
{
    public static SparseHistogram Empty { get; } = new([], []);
    public long Total => Counts.Sum();

    /// <summary>Bin-wise sum. Merging is exact: quantiles of merged histograms have the same error bound as of single ones.</summary>
    public static SparseHistogram Merge(IEnumerable<SparseHistogram> parts)
    {
        var sum = new SortedDictionary<int, long>();
        foreach (var part in parts)
            for (var i = 0; i < part.Bins.Count; i++)
                sum[part.Bins[i]] = sum.GetValueOrDefault(part.Bins[i]) + part.Counts[i];
        return new SparseHistogram([.. sum.Keys], [.. sum.Values]);
    }
}
