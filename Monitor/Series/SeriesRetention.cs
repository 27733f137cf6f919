using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Series;

/// <summary>From when on buckets of each resolution are kept.</summary>
static class SeriesRetention
{
    /// <summary>
    /// Unix seconds. What the options keep, and whatever the next coarser resolution has not yet been rolled up from, so that nothing is dropped
    /// unread after a long downtime.
    /// </summary>
    public static long KeptFrom(SeriesTable table, SeriesFrontiers frontiers, TelemetryOptions options, DateTimeOffset now)
    {
        var byAge = (now - Keep(table, options)).ToUnixTimeSeconds();
        return Math.Min(byAge, SeriesTable.All.Where(coarser => coarser.Source is not null && coarser.Resolution > table.Resolution && table != SeriesTable.Seconds)
            .Select(coarser => frontiers.Least(coarser.Resolution)).Min() ?? long.MaxValue);
    }

    /// <summary>The finest resolution that is surely still kept for an instant of this age.</summary>
    public static int FinestKept(TimeSpan age, TelemetryOptions options) =>
        SeriesTable.All.Where(table => age <= Keep(table, options)).Select(table => table.Resolution).DefaultIfEmpty(Resolutions.Day).Min();

    static TimeSpan Keep(SeriesTable table, TelemetryOptions options) => table.Resolution switch
    {
        Resolutions.Second => options.KeepSeconds,
        Resolutions.TenSeconds => options.KeepTenSeconds,
        Resolutions.Minute => options.KeepMinutes,
        Resolutions.Hour => options.KeepHours,
        _ => options.KeepDays,
    };
}
