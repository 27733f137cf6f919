namespace RetrainLoop.Inference.Telemetry;

/// <summary>Collects bin indices and counts them when the second is over: cheaper than a table per signal for the few frames of a camera's
/// second.</summary>
struct BinCounts
{
    int[]? bins;
    int count;

    public void Add(int bin)
    {
        if (bins is null) bins = new int[8];
        else if (count == bins.Length) Array.Resize(ref bins, count * 2);
        bins[count++] = bin;
    }

    public void Add(in BinCounts others)
    {
        for (var i = 0; i < others.count; i++) Add(others.bins![i]);
    }

    public readonly SparseHistogram ToHistogram()
    {
        if (count == 0) return SparseHistogram.Empty;
        var sorted = bins.AsSpan(0, count);
        sorted.Sort();
        List<int> distinct = [];
        List<long> counts = [];
        foreach (var bin in sorted)
        {
            if (distinct.Count > 0 && distinct[^1] == bin) counts[^1]++;
            else
            {
                distinct.Add(bin);
                counts.Add(1);
            }
        }
        return new SparseHistogram(distinct, counts);
    }

    public readonly SparseHistogram? ToHistogramOrNull() => count == 0 ? null : ToHistogram();
}
