using MathNet.Numerics;

namespace RetrainLoop.Monitor.Statistics;

/// <summary>Pearson's chi-square test of homogeneity of two sets of counts, as <c>scipy.stats.chi2_contingency(..., correction=False)</c>.</summary>
public static class ChiSquare
{
    /// <summary>Statistic and p; p is 1 when one side is empty or fewer than two categories are filled.</summary>
    /// <param name="a">Counts per category.</param>
    /// <param name="b">Counts on the same categories.</param>
    public static (double Statistic, double PValue) Test(ReadOnlySpan<long> a, ReadOnlySpan<long> b)
    {
        if (a.Length != b.Length) throw new ArgumentException("Both sides need the same categories.");
        double totalA = Cells.Sum(a), totalB = Cells.Sum(b), statistic = 0;
        if (totalA == 0 || totalB == 0) return (0, 1);
        var filled = 0;
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] + b[i] == 0) continue;
            filled++;
            double expectedA = (a[i] + b[i]) * totalA / (totalA + totalB), expectedB = (a[i] + b[i]) * totalB / (totalA + totalB);
            statistic += (a[i] - expectedA) * (a[i] - expectedA) / expectedA + (b[i] - expectedB) * (b[i] - expectedB) / expectedB;
        }
        return filled < 2 ? (0, 1) : (statistic, SpecialFunctions.GammaUpperRegularized((filled - 1) / 2.0, statistic / 2));
    }

    /// <summary>Half the sum of the absolute differences of shares, [0, 1]: how much of one mix must change to become the other.</summary>
    public static double TotalVariation(ReadOnlySpan<long> a, ReadOnlySpan<long> b)
    {
        double totalA = Cells.Sum(a), totalB = Cells.Sum(b), sum = 0;
        if (totalA == 0 || totalB == 0) return 0;
        for (var i = 0; i < a.Length; i++) sum += Math.Abs(a[i] / totalA - b[i] / totalB);
        return sum / 2;
    }
}
