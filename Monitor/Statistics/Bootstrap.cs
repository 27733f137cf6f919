namespace RetrainLoop.Monitor.Statistics;

/// <summary>A two-sided percentile interval.</summary>
public readonly record struct Interval(double Low, double High);

/// <summary>
/// The nonparametric bootstrap (Efron 1979): units are drawn with replacement, the statistic is recomputed, and the interval is cut from the
/// percentiles of the resampled values. The same seed gives the same interval.
/// </summary>
public static class Bootstrap
{
    /// <param name="units">How many units (images) a sample holds; each resample draws as many.</param>
    /// <param name="statistic">Gets how often each unit was drawn; NaN leaves the resample out.</param>
    /// <returns>Null when no resample gave a number.</returns>
    public static Interval? Interval(
        int units, Func<ReadOnlySpan<int>, double> statistic, int resamples = 1000, int seed = 1, double confidence = 0.95)
    {
        if (units == 0) return null;
        var random = new Random(seed);
        var draws = new int[units];
        var values = new List<double>(resamples);
        for (var r = 0; r < resamples; r++)
        {
            Array.Clear(draws);
            for (var i = 0; i < units; i++) draws[random.Next(units)]++;
            var value = statistic(draws);
            if (!double.IsNaN(value)) values.Add(value);
        }
        if (values.Count == 0) return null;
        values.Sort();
        var tail = (1 - confidence) / 2;
        return new Interval(Quantile(values, tail), Quantile(values, 1 - tail));
    }

    /// <summary>The interval of a paired difference: both statistics see the same resampled units.</summary>
    public static Interval? PairedInterval(
        int units, Func<ReadOnlySpan<int>, double> candidate, Func<ReadOnlySpan<int>, double> champion,
        int resamples = 1000, int seed = 1, double confidence = 0.95) =>
        Interval(units, draws => candidate(draws) - champion(draws), resamples, seed, confidence);

    static double Quantile(List<double> sorted, double q)
    {
        var rank = q * (sorted.Count - 1);
        var (below, above) = (sorted[(int)Math.Floor(rank)], sorted[(int)Math.Ceiling(rank)]);
        return below + (above - below) * (rank - Math.Floor(rank));
    }
}
