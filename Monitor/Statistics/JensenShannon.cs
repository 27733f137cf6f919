namespace RetrainLoop.Monitor.Statistics;

/// <summary>The Jensen-Shannon distance, the square root of the divergence to the mixture, natural logarithm: 0 = equal, sqrt(ln 2) = disjoint.</summary>
public static class JensenShannon
{
    /// <summary>Between two sets of counts on the same bins, each with at least one positive count.</summary>
    public static double Distance(ReadOnlySpan<long> a, ReadOnlySpan<long> b)
    {
        if (a.Length != b.Length) throw new ArgumentException("Both sides need the same bins.");
        double totalA = Cells.Sum(a), totalB = Cells.Sum(b), divergence = 0;
        if (totalA == 0 || totalB == 0) return double.NaN;
        for (var i = 0; i < a.Length; i++)
        {
            double p = a[i] / totalA, q = b[i] / totalB, mixture = (p + q) / 2;
            if (p > 0) divergence += p * Math.Log(p / mixture) / 2;
            if (q > 0) divergence += q * Math.Log(q / mixture) / 2;
        }
        return Math.Sqrt(Math.Max(0, divergence));
    }
}
