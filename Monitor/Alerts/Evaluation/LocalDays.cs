namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>Days as a person at the deployment counts them.</summary>
public static class LocalDays
{
    /// <summary>The days of the zone that ended in (after, until], in order. A day in which the clock changes has 23 or 25 hours.</summary>
    public static IEnumerable<(DateTimeOffset Start, DateTimeOffset End)> Ended(DateTimeOffset after, DateTimeOffset until, TimeZoneInfo zone)
    {
        var day = TimeZoneInfo.ConvertTime(after, zone).Date;
        for (var end = MidnightAfter(day, zone); end <= until; end = MidnightAfter(day, zone))
        {
            if (end > after) yield return (MidnightAfter(day.AddDays(-1), zone), end);
            day = day.AddDays(1);
        }
    }

    /// <summary>The first instant of the day after; where the clock skips midnight, the instant at which it does.</summary>
    static DateTimeOffset MidnightAfter(DateTime day, TimeZoneInfo zone)
    {
        var midnight = DateTime.SpecifyKind(day.AddDays(1), DateTimeKind.Unspecified);
        var skipped = zone.IsInvalidTime(midnight) ? TimeSpan.FromHours(1) : TimeSpan.Zero;
        return new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(midnight + skipped, zone), TimeSpan.Zero);
    }
}
