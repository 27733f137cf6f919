using System.Numerics;

namespace RetrainLoop.Monitor.Statistics;

/// <summary>
/// Two samples cut into blocks of correlated values, laid out for <see cref="BlockPermutation"/>. A block belongs to one side and one stratum;
/// blocks of a stratum may be exchanged, such as the mornings of different days. Inside a block, counts are kept per layer (camera and part of the
/// day) and cell (a coarse bin of the value): like is compared with like, layer by layer.
/// </summary>
/// <param name="cells">Cells of the value, in ascending order where it has one.</param>
/// <param name="ordered">Whether cells have an order: distances are Kolmogorov-Smirnov's, otherwise (classes) total variation.</param>
public sealed class PermutationBlocks(int cells, int layers, bool ordered)
{
    readonly List<int> strata = [];
    readonly List<bool> sides = [];
    readonly List<double[]> rows = []; // per block, summed over layers; cumulative when ordered
    readonly List<double[]> sizes = []; // per block and layer
    readonly double[][] layerTotals = [.. Enumerable.Range(0, layers).Select(_ => new double[cells])];
    readonly double[] layerSizes = new double[layers];

    public int Count => rows.Count;
    public int Cells => cells;

    /// <summary>A new, empty block; returns its index.</summary>
    public int Add(int stratum, bool current)
    {
        strata.Add(stratum);
        sides.Add(current);
        rows.Add(new double[cells]);
        sizes.Add(new double[layers]);
        return rows.Count - 1;
    }

    /// <summary>Adds values to a block.</summary>
    /// <param name="counts">Per cell.</param>
    public void AddTo(int block, int layer, ReadOnlySpan<long> counts)
    {
        var (row, totals) = (rows[block], layerTotals[layer]);
        double sum = 0;
        for (var cell = 0; cell < cells; cell++)
        {
            sum += counts[cell];
            var value = ordered ? sum : counts[cell];
            row[cell] += value;
            totals[cell] += value;
        }
        sizes[block][layer] += sum;
        layerSizes[layer] += sum;
    }

    internal int[] CurrentBlocks => [.. Enumerable.Range(0, Count).Where(block => sides[block])];

    /// <summary>Per stratum that holds both sides: its blocks, and how many of them are current.</summary>
    internal IReadOnlyList<(int[] Blocks, int Current)> Exchangeable() =>
        [.. Enumerable.Range(0, Count).GroupBy(block => strata[block]).Select(group => (group.ToArray(), group.Count(block => sides[block])))];

    /// <summary>The share of the current side's values in layers that hold both sides: only these can be compared.</summary>
    public double ComparableShare()
    {
        var current = CurrentSizes(CurrentBlocks);
        double comparable = 0, total = current.Sum();
        for (var layer = 0; layer < layers; layer++)
            if (current[layer] < layerSizes[layer]) comparable += current[layer];
        return total == 0 ? 0 : comparable / total;
    }

    /// <summary>
    /// The distance when these blocks are the current side: the largest |sum over layers of w (F_current - F_baseline)|, or half the sum of the absolute
    /// differences without an order, with Mantel-Haenszel weights w = n1 n2 / (n1 + n2) scaled to 1. 0 when no layer holds both sides.
    /// </summary>
    /// <param name="scratch">At least <see cref="Cells"/> long.</param>
    internal double Distance(ReadOnlySpan<int> current, double[] scratch)
    {
        // w (F1 - F2) = S1 - (S1 + S2) n1 / (n1 + n2): what is seen minus what is expected, so rows need no division per layer.
        var sum = scratch.AsSpan(0, cells);
        sum.Clear();
        foreach (var block in current) Add(sum, rows[block], 1);
        var inCurrent = CurrentSizes(current);
        double weight = 0;
        for (var layer = 0; layer < layers; layer++)
        {
            if (inCurrent[layer] == 0) continue;
            var share = inCurrent[layer] / layerSizes[layer];
            Add(sum, layerTotals[layer], -share);
            weight += inCurrent[layer] * (1 - share);
        }
        if (weight <= 0) return 0;
        double largest = 0, total = 0;
        foreach (var difference in sum)
        {
            largest = Math.Max(largest, Math.Abs(difference));
            total += Math.Abs(difference);
        }
        return (ordered ? largest : total / 2) / weight;
    }

    double[] CurrentSizes(ReadOnlySpan<int> current)
    {
        var inCurrent = new double[layers];
        foreach (var block in current) Add(inCurrent, sizes[block], 1);
        return inCurrent;
    }

    static void Add(Span<double> target, ReadOnlySpan<double> row, double factor)
    {
        var i = 0;
        for (; i <= target.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(target[i..]) + factor * new Vector<double>(row[i..])).CopyTo(target[i..]);
        for (; i < target.Length; i++) target[i] += factor * row[i];
    }
}
