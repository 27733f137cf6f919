namespace RetrainLoop.Monitor.Statistics;

/// <summary>
/// How many independent values a sample of correlated ones is worth. Frames of one camera repeat each other, so a plain test on raw counts
/// sees far more evidence than there is.
/// <para>
/// Time is cut into T blocks over all cameras. At threshold x, block t holds n_t values, k_t(x) of them at or below x; F = sum k / sum n = K / N.
/// The residuals r_t = k_t - F n_t carry whatever is shared inside a block: bursts, frames of one scene, a cloud over all cameras. Their long-run
/// variance V(x) = T/(T-1) / N^2 * [g_0 + 2 sum_l (1 - l/(L+1)) g_l], g_l = sum_t r_t r_(t-l), adds what neighbouring blocks share
/// (Newey and West 1987; L from the pooled lag-one correlation after Andrews 1991: L = 1.1447 (4 p^2 / (1 - p^2)^2 * T)^(1/3)).
/// The design effect is the mean of V(x) over thresholds divided by the mean of F (1 - F) / N, and never under 1 (Kish 1965).
/// </para>
/// </summary>
public static class DesignEffect
{
    /// <param name="blocks">Per block, in order of time and with empty blocks in place: counts per cell of a coarse partition of the values.</param>
    /// <returns>At least 1. With one filled block nothing can be told apart and the effect is the sample size itself.</returns>
    public static double Estimate(IReadOnlyList<long[]> blocks)
    {
        var totals = blocks.Select(block => (double)block.Sum()).ToArray();
        var (total, filled) = (totals.Sum(), totals.Count(count => count > 0));
        if (total == 0) return 1;
        if (filled < 2) return total;

        double variance = 0, independent = 0;
        var residuals = new List<double[]>();
        for (var threshold = 0; threshold < blocks[0].Length - 1; threshold++)
        {
            var below = blocks.Select(block => (double)block.Take(threshold + 1).Sum()).ToArray();
            var share = below.Sum() / total;
            independent += share * (1 - share) / total;
            residuals.Add([.. below.Zip(totals, (k, n) => k - share * n)]);
        }
        if (independent == 0) return 1; // all values in one cell: nothing varies
        var lags = Bandwidth(residuals);
        foreach (var residual in residuals) variance += LongRun(residual, lags) / (total * total);
        return Math.Clamp(variance * filled / (filled - 1) / independent, 1, total);
    }

    static int Bandwidth(List<double[]> residuals)
    {
        double products = residuals.Sum(residual => Autocovariance(residual, 1)), squares = residuals.Sum(residual => Autocovariance(residual, 0));
        var correlation = squares == 0 ? 0 : Math.Clamp(products / squares, 0, 0.97);
        var alpha = 4 * correlation * correlation / Math.Pow(1 - correlation * correlation, 2);
        var length = residuals[0].Length;
        return Math.Min((int)Math.Ceiling(1.1447 * Math.Cbrt(alpha * length)), length - 1);
    }

    static double LongRun(double[] residual, int lags)
    {
        var sum = Autocovariance(residual, 0);
        for (var lag = 1; lag <= lags; lag++) sum += 2 * (1 - lag / (lags + 1.0)) * Autocovariance(residual, lag);
        return Math.Max(0, sum);
    }

    static double Autocovariance(double[] residual, int lag)
    {
        var sum = 0.0;
        for (var t = lag; t < residual.Length; t++) sum += residual[t] * residual[t - lag];
        return sum;
    }
}
