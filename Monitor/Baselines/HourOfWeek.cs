namespace RetrainLoop.Monitor.Baselines;

/// <summary>Hours of the week as a person at the deployment counts them.</summary>
public static class HourOfWeek
{
    public const int Count = 168;

    /// <summary>0 = Monday 00:00-01:00 in the zone, 167 = Sunday 23:00-24:00. Hours that the clock repeats or skips fall where it shows them.</summary>
    public static int Of(DateTimeOffset at, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return ((int)local.DayOfWeek + 6) % 7 * 24 + local.Hour;
    }

    /// <summary>Mean of the values per hour of the week; 0 where there is none.</summary>
    public static double[] Means(IEnumerable<(DateTimeOffset At, double Value)> values, TimeZoneInfo zone)
    {
        var (sums, counts) = (new double[Count], new int[Count]);
        foreach (var (at, value) in values)
        {
            var hour = Of(at, zone);
            sums[hour] += value;
            counts[hour]++;
        }
        return [.. sums.Zip(counts, (sum, count) => count == 0 ? 0 : sum / count)];
    }
}
