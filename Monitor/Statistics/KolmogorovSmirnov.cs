using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Statistics;

/// <summary>How the p-value of a two-sample test is computed.</summary>
public enum KsMethod { Auto, Exact, Asymptotic }

/// <summary>
/// The two-sided two-sample Kolmogorov-Smirnov test, as scipy 1.10's <c>ks_2samp</c> gives it: Auto is exact while both samples hold at most
/// 10,000 values; Asymptotic is the finite-n one-sample distribution at n = round(n1 n2 / (n1 + n2)).
/// </summary>
public static class KolmogorovSmirnov
{
    const int LargestAutoExact = 10_000;

    /// <summary>Compares two samples of finite values; the arrays are not changed.</summary>
    /// <exception cref="ArgumentException">A sample is empty or holds NaN.</exception>
    public static KsResult Test(ReadOnlySpan<double> a, ReadOnlySpan<double> b, KsMethod method = KsMethod.Auto)
    {
        var (first, second) = (Sorted(a), Sorted(b));
        return TestSorted(first, second, method);
    }

    /// <summary>Same, for samples that are already ascending.</summary>
    public static KsResult TestSorted(ReadOnlySpan<double> a, ReadOnlySpan<double> b, KsMethod method = KsMethod.Auto)
    {
        var (highest, highestAt, lowest, lowestAt) = Extremes(a, b);
        var negative = Math.Clamp(-lowest, 0, 1);
        var (distance, location, sign) = negative > highest ? (negative, lowestAt, -1) : (highest, highestAt, 1);

        var exact = method == KsMethod.Exact || (method == KsMethod.Auto && Math.Max(a.Length, b.Length) <= LargestAutoExact);
        // One value on either side leaves the asymptotic form without a degree of freedom (scipy answers NaN): count paths instead.
        if (!exact && EffectiveSize(a.Length, b.Length) >= 1)
            return new KsResult(distance, AsymptoticPValue(distance, a.Length, b.Length), location, sign);
        var (statistic, pValue) = LatticePaths.PValue(distance, a.Length, b.Length);
        return new KsResult(statistic, pValue, location, sign);
    }

    /// <summary>
    /// P(D &gt;= distance) by the one-sample distribution at n = round(n1 n2 / (n1 + n2)), halves to even. Sizes may be effective,
    /// that is fractional; with less than one effective value nothing can be said and p is 1.
    /// </summary>
    public static double AsymptoticPValue(double distance, double n1, double n2)
    {
        var n = EffectiveSize(n1, n2);
        return n < 1 ? 1 : KolmogorovDistribution.Survival(distance, (int)Math.Min(n, int.MaxValue));
    }

    static double EffectiveSize(double n1, double n2) => n1 <= 0 || n2 <= 0 ? 0 : Math.Round(n1 * n2 / (n1 + n2), MidpointRounding.ToEven);

    static double[] Sorted(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) throw new ArgumentException("A sample needs at least one value.");
        foreach (var value in values)
            if (double.IsNaN(value)) throw new ArgumentException("A sample holds a value that is not a number.");
        return RadixSort.Ascending(values);
    }

    /// <summary>
    /// Largest and smallest F_a - F_b over all values. Of equal extremes the first one counts, a's values before b's, both ascending.
    /// </summary>
    static (double Highest, double HighestAt, double Lowest, double LowestAt) Extremes(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (highA, highAtA, lowA, lowAtA) = (double.NegativeInfinity, 0.0, double.PositiveInfinity, 0.0);
        var (highB, highAtB, lowB, lowAtB) = (double.NegativeInfinity, 0.0, double.PositiveInfinity, 0.0);
        int i = 0, j = 0;
        while (i < a.Length || j < b.Length)
        {
            var value = j == b.Length || (i < a.Length && a[i] <= b[j]) ? a[i] : b[j];
            var (inA, inB) = (i, j);
            while (i < a.Length && a[i] == value) i++;
            while (j < b.Length && b[j] == value) j++;
            var difference = (double)i / a.Length - (double)j / b.Length;
            if (i > inA)
            {
                if (difference > highA) (highA, highAtA) = (difference, value);
                if (difference < lowA) (lowA, lowAtA) = (difference, value);
            }
            if (j > inB)
            {
                if (difference > highB) (highB, highAtB) = (difference, value);
                if (difference < lowB) (lowB, lowAtB) = (difference, value);
            }
        }
        if (highB > highA) (highA, highAtA) = (highB, highAtB);
        if (lowB < lowA) (lowA, lowAtA) = (lowB, lowAtB);
        return (highA, highAtA, lowA, lowAtA);
    }
}
