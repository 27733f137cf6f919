using System.Globalization;
using System.Text.RegularExpressions;

namespace RetrainLoop.Inference.Replays.Archives;

/// <summary>A time found in a text: where it stands, and the instant, or why there is none.</summary>
readonly record struct FoundTime(int Start, int Length, DateTimeOffset? At, string? Problem);

/// <summary>
/// Finds the time in a file's name. Understood are dates and times as cameras and scripts write them (<c>2026-10-01T12-00-00Z</c>,
/// <c>20261001_120000</c>, <c>20261001120000123</c>, <c>2026-10-01/12.00.00</c>) and Unix time in seconds, milli-, micro- or nanoseconds. Pure.
/// </summary>
static partial class FrameTimes
{
    static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The times in a text; a date with its time comes before a Unix time.</summary>
    /// <param name="zone">In which a time is that names no zone itself.</param>
    public static IReadOnlyList<FoundTime> In(string text, TimeZoneInfo zone)
    {
        var dated = DateAndTime().Matches(text).Select(match => OfDate(match, zone)).OfType<FoundTime>().ToList();
        return dated.Count > 0 ? dated : [.. UnixTime().Matches(text).Select(OfUnix).OfType<FoundTime>()];
    }

    /// <summary>The time that a text is, and nothing else; null when it is none.</summary>
    public static FoundTime? Exactly(string text, TimeZoneInfo zone) =>
        In(text, zone) is [var only] && only.Start == 0 && only.Length == text.Length ? only : null;

    /// <summary>
    /// The instant of a local time. An hour that clocks repeat in autumn counts as its first pass; one that they skip in spring is a problem,
    /// because then the times are not those of this zone.
    /// </summary>
    public static (DateTimeOffset? At, string? Problem) InZone(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
            return (null, string.Create(CultureInfo.InvariantCulture,
                $"{local:yyyy-MM-dd HH:mm:ss} does not exist in {zone.Id}, where clocks went forward then: give times in UTC, with a Z behind them"));
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return (new DateTimeOffset(local, offset).ToUniversalTime(), null);
    }

    static FoundTime? OfDate(Match match, TimeZoneInfo zone)
    {
        int Number(string group) => int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        int year = Number("year"), month = Number("month"), day = Number("day"), hour = Number("hour"), minute = Number("minute");
        var second = match.Groups["second"].Success ? Number("second") : 0;
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59) return null;
        var fraction = match.Groups["fraction"].Success ? double.Parse($"0.{match.Groups["fraction"].Value}", CultureInfo.InvariantCulture) : 0;
        var local = new DateTime(year, month, day, hour, minute, second).AddTicks((long)Math.Round(fraction * TimeSpan.TicksPerSecond));
        if (match.Groups["utc"].Success) return new FoundTime(match.Index, match.Length, new DateTimeOffset(local, TimeSpan.Zero), null);
        if (match.Groups["zoneHour"].Success)
        {
            var offset = TimeSpan.FromMinutes(Number("zoneHour") * 60 + Number("zoneMinute")) * (match.Groups["sign"].ValueSpan is "-" ? -1 : 1);
            return offset.Duration() > TimeSpan.FromHours(14) ? null
                : new FoundTime(match.Index, match.Length, new DateTimeOffset(local, offset).ToUniversalTime(), null);
        }
        var (at, problem) = InZone(local, zone);
        return new FoundTime(match.Index, match.Length, at, problem);
    }

    static FoundTime? OfUnix(Match match)
    {
        var ticksPerUnit = match.Length switch { 10 => TimeSpan.TicksPerSecond, 13 => TimeSpan.TicksPerMillisecond, 16 => TimeSpan.TicksPerMicrosecond, _ => 0 };
        if (!long.TryParse(match.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        var at = DateTimeOffset.UnixEpoch.AddTicks(ticksPerUnit == 0 ? number / TimeSpan.NanosecondsPerTick : number * ticksPerUnit);
        return at < Earliest || at >= Latest ? null : new FoundTime(match.Index, match.Length, at, null);
    }

    // A compact time needs its seconds: 20261001_1234 is more often a counter than 12:34. So does a fraction need a mark or three digits, and a
    // zone west of Greenwich its minutes, because a dash and digits are more often a counter too.
    [GeneratedRegex(
        """
        (?<![0-9])(?<year>(?:19|20)[0-9][0-9])(?<mark>[-_./]?)(?<month>[0-9][0-9])\k<mark>(?<day>[0-9][0-9])[Tt _.\-/]{0,3}
        (?<hour>[0-9][0-9])(?:(?<minute>[0-9][0-9])(?<second>[0-9][0-9])|(?<point>[-_.:])(?<minute>[0-9][0-9])(?:\k<point>(?<second>[0-9][0-9]))?)
        (?:[.,](?<fraction>[0-9]{1,9})|[-_]?(?<fraction>[0-9]{3}))?(?![0-9])
        (?:(?<utc>[Zz])(?![A-Za-z])|[ ]?(?<sign>\+)(?<zoneHour>[0-9][0-9])[:\-.]?(?<zoneMinute>[0-9][0-9])(?![0-9])
           |[ ]?(?<sign>-)(?<zoneHour>[0-9][0-9])[:\-](?<zoneMinute>00|15|30|45)(?![0-9]))?
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex DateAndTime();

    [GeneratedRegex(@"(?<![0-9])(?:[0-9]{10}|[0-9]{13}|[0-9]{16}|[0-9]{19})(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex UnixTime();
}
