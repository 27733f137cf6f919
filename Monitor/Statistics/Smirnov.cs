namespace RetrainLoop.Monitor.Statistics;

/// <summary>
/// P(D_n+ &gt;= x), the one-sided statistic: sum over v of (x / p) times the binomial probability of v in n at p = x + v / n
/// (Birnbaum and Tingey 1951). Each binomial probability by Loader's saddle-point form, which keeps relative precision in far tails.
/// </summary>
static class Smirnov
{
    public static double Survival(int n, double x)
    {
        var t = n * x;
        var sum = Math.Pow(1 - x, n);
        var last = (int)Math.Floor(n * (1 - x));
        for (var v = 1; v <= last; v++)
        {
            double rest = n - v;
            if (rest - t <= 0)
            {
                if (rest == 0) sum += x / (x + (double)v / n);
                continue;
            }
            var logarithm = Stirling(n) - Stirling(v) - Stirling(rest) - Deviance(v, t) - Deviance(rest, -t);
            sum += x / (x + (double)v / n) * Math.Sqrt(n / (2 * Math.PI * v * rest)) * Math.Exp(logarithm);
        }
        return Math.Clamp(sum, 0, 1);
    }

    /// <summary>k ln(k / (k + d)) + d, without cancellation for small d / k.</summary>
    static double Deviance(double k, double d)
    {
        if (Math.Abs(d) > 0.1 * (2 * k + d)) return k * Math.Log(k / (k + d)) + d;
        var ratio = -d / (2 * k + d);
        var sum = -d * ratio;
        var term = 2 * k * ratio;
        for (var j = 1; ; j++)
        {
            term *= ratio * ratio;
            var next = sum + term / (2 * j + 1);
            if (next == sum) return next;
            sum = next;
        }
    }

    /// <summary>ln(n!) minus Stirling's approximation of it, for whole n &gt;= 1.</summary>
    static double Stirling(double n)
    {
        if (n <= SmallErrors.Length) return SmallErrors[(int)n - 1];
        var square = n * n;
        return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square) / square) / square) / n;
    }

    static readonly double[] SmallErrors = [.. Enumerable.Range(1, 15).Select(n =>
    {
        var logFactorial = Enumerable.Range(1, n).Sum(i => Math.Log(i));
        return logFactorial - (n + 0.5) * Math.Log(n) + n - 0.5 * Math.Log(2 * Math.PI);
    })];
}
