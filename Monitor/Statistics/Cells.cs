using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Statistics;

/// <summary>
/// A coarse partition into about equally filled cells, made from a reference, on which sparse bins or values are counted.
/// Cell i holds what is at or above edge i-1 and below edge i; the first and last are open.
/// </summary>
public static class Cells
{
    public const int Default = 10;

    /// <summary>Inner edges at the reference's quantiles 1/cells ... (cells-1)/cells, ranks interpolated linearly, without repetitions.</summary>
    public static double[] QuantileEdges(ReadOnlySpan<double> sortedReference, int cells = Default)
    {
        var edges = new List<double>();
        for (var i = 1; i < cells; i++)
        {
            var rank = (double)i / cells * (sortedReference.Length - 1);
            var (below, above) = (sortedReference[(int)Math.Floor(rank)], sortedReference[(int)Math.Ceiling(rank)]);
            var edge = below + (above - below) * (rank - Math.Floor(rank));
            if (edges.Count == 0 || edge > edges[^1]) edges.Add(edge);
        }
        return [.. edges];
    }

    /// <summary>Same on a histogram: inner edges are bins, each the first of its cell.</summary>
    public static int[] QuantileEdges(SparseHistogram reference, int cells = Default)
    {
        var edges = new List<int>();
        double total = reference.Total;
        long seen = 0;
        var next = 1; // a bin that holds several quantiles ends them all at once
        for (var i = 0; i < reference.Bins.Count; i++)
        {
            if (next < cells && seen >= total * next / cells)
            {
                edges.Add(reference.Bins[i]);
                next = (int)(seen * cells / total) + 1;
            }
            seen += reference.Counts[i];
        }
        return [.. edges];
    }

    /// <summary>How many values fall into each cell; a value equal to an edge belongs to the upper cell.</summary>
    public static long[] Count(ReadOnlySpan<double> values, ReadOnlySpan<double> edges)
    {
        var counts = new long[edges.Length + 1];
        foreach (var value in values) counts[IndexOf(edges, value)]++;
        return counts;
    }

    public static long[] Count(SparseHistogram histogram, ReadOnlySpan<int> edges)
    {
        var counts = new long[edges.Length + 1];
        for (var i = 0; i < histogram.Bins.Count; i++) counts[IndexOf(edges, histogram.Bins[i])] += histogram.Counts[i];
        return counts;
    }

    public static int IndexOf<T>(ReadOnlySpan<T> edges, T value) where T : IComparable<T>
    {
        var found = edges.BinarySearch(value);
        return found >= 0 ? found + 1 : ~found;
    }

    public static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (var count in counts) sum += count;
        return sum;
    }
}
