using System.Globalization;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Tests.Monitor.Series;

public sealed class ZoneDaysTests
{
    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")] // 23 hours
    [InlineData("Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")] // 25 hours
    [InlineData("Asia/Kathmandu", "2026-11-23T18:14:59Z", "2026-11-22T18:15:00Z", "2026-11-23T18:15:00Z")]
    [InlineData("America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z")] // midnight does not exist: the day begins at one
    [InlineData("UTC", "2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z")]
    public void StartOf_AnyZone_IsLocalMidnight(string zone, string at, string start, string next)
    {
        var known = TimeZoneInfo.FindSystemTimeZoneById(zone);
        Assert.Equal(Time(start), ZoneDays.StartOf(Time(at), known));
        Assert.Equal(Time(next), ZoneDays.Next(Time(at), known));
        Assert.Equal(Time(start), ZoneDays.StartOf(Time(start), known));
    }

    static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
