namespace RetrainLoop.Monitor.Statistics;

/// <summary>
/// The distribution of the two-sided one-sample Kolmogorov-Smirnov statistic D_n for finite n (scipy's <c>kstwo</c>), by the method that is
/// accurate in each region: Simard and L'Ecuyer, Journal of Statistical Software 39(11), 2011.
/// </summary>
public static class KolmogorovDistribution
{
    const int SmallSample = 140;

    /// <summary>P(D_n &gt;= x) for n &gt;= 1 and any x.</summary>
    public static double Survival(double x, int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        var t = n * x;
        if (x >= 1) return 0;
        if (t <= 0.5) return 1;
        if (t <= 1) return 1 - RubenGambino(n, t);
        if (t >= n - 1) return Clip(2 * Math.Pow(1 - x, n));
        if (x >= 0.5) return Clip(2 * Smirnov.Survival(n, x));

        var scaled = t * x; // n x^2
        if (n <= SmallSample)
            return Clip(scaled <= 4 ? 1 - DurbinMatrix.Cumulative(n, x) : 2 * Smirnov.Survival(n, x));
        if (scaled >= 370) return 0;
        if (scaled >= 2.2) return Clip(2 * Smirnov.Survival(n, x));
        var matrix = n <= 100_000 && n * Math.Pow(x, 1.5) <= 1.4;
        return Clip(1 - (matrix ? DurbinMatrix.Cumulative(n, x) : PelzGood.Cumulative(n, x)));
    }

    /// <summary>P(D_n &lt;= t / n) for 1/2 &lt;= t &lt;= 1: n! ((2t - 1) / n)^n (Ruben and Gambino 1982).</summary>
    static double RubenGambino(int n, double t)
    {
        var logarithm = 0.0;
        for (var i = 1; i <= n; i++) logarithm += Math.Log(i * (2 * t - 1) / n);
        return Clip(Math.Exp(logarithm));
    }

    static double Clip(double p) => Math.Clamp(p, 0, 1);
}
