using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Series;

/// <summary>Counts on the fixed bins of a signal, while they are being added up: bins ascending in arrays, so that sums are merges.</summary>
public sealed class Histogram
{
    const int FewBins = 32; // that a second of a camera holds
    int[] bins = [];
    long[] counts = [];
    int length;

    public long Total { get; private set; }
    internal ReadOnlySpan<int> Bins => bins.AsSpan(0, length);
    internal ReadOnlySpan<long> Counts => counts.AsSpan(0, length);

    public void Add(int bin, long count)
    {
        Total += count;
        var at = length > 0 && bins[length - 1] < bin ? ~length : Array.BinarySearch(bins, 0, length, bin);
        if (at >= 0)
        {
            counts[at] += count;
            return;
        }
        Reserve(length + 1);
        at = ~at;
        Array.Copy(bins, at, bins, at + 1, length - at);
        Array.Copy(counts, at, counts, at + 1, length - at);
        (bins[at], counts[at]) = (bin, count);
        length++;
    }

    public void Add(SparseHistogram? other)
    {
        if (other is null) return;
        for (var i = 0; i < other.Bins.Count; i++) Add(other.Bins[i], other.Counts[i]);
    }

    public void Add(Histogram other) => Add(other.Bins, other.Counts);

    /// <summary>Adds counts whose bins ascend.</summary>
    internal void Add(ReadOnlySpan<int> otherBins, ReadOnlySpan<long> otherCounts)
    {
        foreach (var count in otherCounts) Total += count;
        int union = length + otherBins.Length - Common(otherBins), mine = length - 1, others = otherBins.Length - 1;
        Reserve(union);
        length = union;
        for (var to = union - 1; others >= 0; to--) // from the back, so that nothing unread is overwritten
        {
            if (mine >= 0 && bins[mine] > otherBins[others]) (bins[to], counts[to]) = (bins[mine], counts[mine--]);
            else if (mine >= 0 && bins[mine] == otherBins[others]) (bins[to], counts[to]) = (bins[mine], counts[mine--] + otherCounts[others--]);
            else (bins[to], counts[to]) = (otherBins[others], otherCounts[others--]);
        }
    }

    /// <summary>Adds counts as they are read, bins ascending: in place where a bin is there already; the others are merged in together.</summary>
    internal void Add(ref ByteReader reader)
    {
        var more = reader.Count();
        var newBins = more <= FewBins ? stackalloc int[FewBins] : new int[more];
        var newCounts = more <= FewBins ? stackalloc long[FewBins] : new long[more];
        var missing = 0;
        for (int at = 0, bin = 0; more > 0; more--)
        {
            bin += (int)reader.Varint();
            var count = reader.Varint();
            Total += count;
            while (at < length && bins[at] < bin) at++;
            if (at < length && bins[at] == bin) counts[at] += count;
            else (newBins[missing], newCounts[missing++]) = (bin, count);
        }
        if (missing == 0) return;
        Reserve(length + missing);
        var mine = length - 1;
        length += missing;
        for (var to = length - 1; missing > 0; to--) // from the back, so that nothing unread is overwritten
            (bins[to], counts[to]) = mine >= 0 && bins[mine] > newBins[missing - 1] ? (bins[mine], counts[mine--]) : (newBins[--missing], newCounts[missing]);
    }

    public SparseHistogram ToSparse() => new(Bins.ToArray(), Counts.ToArray());

    /// <summary>The q-quantile of the values that were binned, q in [0, 1]; NaN when empty.</summary>
    public double Quantile(LogBins edges, double q) =>
        edges.Quantile(new SparseHistogram(new ArraySegment<int>(bins, 0, length), new ArraySegment<long>(counts, 0, length)), q);

    int Common(ReadOnlySpan<int> otherBins)
    {
        var common = 0;
        for (int i = 0, j = 0; i < length && j < otherBins.Length;)
        {
            var order = bins[i].CompareTo(otherBins[j]);
            if (order == 0) common++;
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
        return common;
    }

    void Reserve(int wanted)
    {
        if (wanted <= bins.Length) return;
        var capacity = Math.Max(wanted, Math.Max(8, bins.Length * 2));
        Array.Resize(ref bins, capacity);
        Array.Resize(ref counts, capacity);
    }
}
