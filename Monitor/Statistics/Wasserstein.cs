using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Statistics;

/// <summary>The first Wasserstein (earth mover's) distance: the area between the two distribution functions, in the values' unit.</summary>
public static class Wasserstein
{
    /// <summary>Between two samples, as <c>scipy.stats.wasserstein_distance</c>; samples need not be sorted and are not changed.</summary>
    public static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.IsEmpty || b.IsEmpty) throw new ArgumentException("A sample needs at least one value.");
        double[] first = a.ToArray(), second = b.ToArray();
        Array.Sort(first);
        Array.Sort(second);
        int i = 0, j = 0;
        var area = 0.0;
        var at = Math.Min(first[0], second[0]);
        while (i < first.Length || j < second.Length)
        {
            var value = j == second.Length || (i < first.Length && first[i] <= second[j]) ? first[i] : second[j];
            area += Math.Abs((double)i / first.Length - (double)j / second.Length) * (value - at);
            while (i < first.Length && first[i] == value) i++;
            while (j < second.Length && second[j] == value) j++;
            at = value;
        }
        return area;
    }

    /// <summary>Between two histograms on the same bins; <paramref name="valueOf"/> maps a bin to the value that stands for its members.</summary>
    public static double Distance(SparseHistogram a, SparseHistogram b, Func<int, double> valueOf)
    {
        if (a.Total == 0 || b.Total == 0) return double.NaN;
        var area = 0.0;
        double? at = null;
        double below = 0;
        foreach (var (bin, difference) in BinnedDistributions.Differences(a, b))
        {
            var value = valueOf(bin);
            if (at is { } previous) area += Math.Abs(below) * (value - previous);
            (at, below) = (value, difference);
        }
        return area;
    }
}
