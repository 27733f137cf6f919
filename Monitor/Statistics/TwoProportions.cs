namespace RetrainLoop.Monitor.Statistics;

/// <summary>The pooled two-proportion z-test.</summary>
public static class TwoProportions
{
    /// <summary>
    /// One-sided p that the first share is not larger than the second; 1 when either side has no trials or nothing differs.
    /// </summary>
    public static double PValueOfIncrease(long successes1, long trials1, long successes2, long trials2)
    {
        if (trials1 == 0 || trials2 == 0) return 1;
        var pooled = (double)(successes1 + successes2) / (trials1 + trials2);
        var error = Math.Sqrt(pooled * (1 - pooled) * (1.0 / trials1 + 1.0 / trials2));
        if (error == 0) return 1;
        return Normal.UpperTail(((double)successes1 / trials1 - (double)successes2 / trials2) / error);
    }
}
