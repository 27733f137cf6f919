namespace RetrainLoop.Monitor.Series;

/// <summary>Calendar days as a person in a time zone counts them.</summary>
public static class ZoneDays
{
    /// <summary>The instant at which the zone's day that holds <paramref name="at"/> began. A midnight that a clock change skips is the first instant after it.</summary>
    public static DateTimeOffset StartOf(DateTimeOffset at, TimeZoneInfo zone) => Midnight(TimeZoneInfo.ConvertTime(at, zone).Date, zone);

    /// <summary>The instant at which the next one begins.</summary>
    public static DateTimeOffset Next(DateTimeOffset at, TimeZoneInfo zone) => Midnight(TimeZoneInfo.ConvertTime(at, zone).Date.AddDays(1), zone);

    static DateTimeOffset Midnight(DateTime date, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(date)) date = date.AddMinutes(15);
        var offset = zone.IsAmbiguousTime(date) ? zone.GetAmbiguousTimeOffsets(date).Max() : zone.GetUtcOffset(date); // the earlier of two midnights
        return new DateTimeOffset(date, offset).ToUniversalTime();
    }
}
