namespace RetrainLoop.Monitor.Replays;

/// <summary>
/// Cuts the time of a replay: into days of the deployment's zone, or into hours when it is shorter than two days, and at the end of the baseline.
/// Pure.
/// </summary>
static class ReplayPeriods
{
    static readonly TimeSpan LongestBaseline = TimeSpan.FromDays(7), LeastForDays = TimeSpan.FromDays(2), Minute = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The end of the baseline: as many days as were asked for, else seven days or a third of the replay, whichever is less; on a whole day or hour
    /// where there is one near, and always inside the replay.
    /// </summary>
    public static DateTimeOffset BaselineEnd(DateTimeOffset from, DateTimeOffset to, double? days, TimeZoneInfo zone)
    {
        var third = (to - from) / 3;
        var length = days is { } asked ? TimeSpan.FromDays(asked) : third < LongestBaseline ? third : LongestBaseline;
        var exact = from + (length < to - from ? length : to - from);
        var after = NextBoundary(exact.AddTicks(-1), from, to, zone);
        var before = after;
        for (var boundary = NextBoundary(from, from, to, zone); boundary < after; boundary = NextBoundary(boundary, from, to, zone)) before = boundary;
        var nearest = (exact - before).Duration() < (after - exact).Duration() ? before : after;
        return nearest > from && nearest < to ? nearest : exact - TimeSpan.FromTicks(exact.Ticks % Minute.Ticks);
    }

    /// <summary>The end of the period that begins at <paramref name="start"/>.</summary>
    public static DateTimeOffset EndOf(DateTimeOffset start, DateTimeOffset from, DateTimeOffset to, DateTimeOffset baselineUntil, TimeZoneInfo zone)
    {
        var end = NextBoundary(start, from, to, zone);
        if (start < baselineUntil && baselineUntil < end) end = baselineUntil;
        return end < to ? end : to;
    }

    static DateTimeOffset NextBoundary(DateTimeOffset after, DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone)
    {
        if (to - from < LeastForDays) return DateTimeOffset.FromUnixTimeSeconds(after.ToUnixTimeSeconds() / 3600 * 3600 + 3600);
        var midnight = TimeZoneInfo.ConvertTime(after, zone).Date.AddDays(1);
        while (zone.IsInvalidTime(midnight)) midnight += Minute; // where clocks go forward at midnight, the day begins at one
        var offset = zone.IsAmbiguousTime(midnight) ? zone.GetAmbiguousTimeOffsets(midnight).Max() : zone.GetUtcOffset(midnight);
        return new DateTimeOffset(midnight, offset).ToUniversalTime();
    }
}
