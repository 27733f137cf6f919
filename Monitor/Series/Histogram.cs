using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Series;

/// <summary>Counts on the fixed bins of a signal, while they are being added up.</summary>
public sealed class Histogram
{
    readonly Dictionary<int, long> counts = [];

    public long Total { get; private set; }

    public void Add(int bin, long count)
    {
        counts[bin] = counts.GetValueOrDefault(bin) + count;
        Total += count;
    }

    public void Add(SparseHistogram? other)
    {
        if (other is null) return;
        for (var i = 0; i < other.Bins.Count; i++) Add(other.Bins[i], other.Counts[i]);
    }

    public void Add(Histogram other)
    {
        foreach (var (bin, count) in other.counts) Add(bin, count);
    }

    public SparseHistogram ToSparse()
    {
        var bins = counts.Keys.Order().ToArray();
        return new SparseHistogram(bins, [.. bins.Select(bin => counts[bin])]);
    }
}
