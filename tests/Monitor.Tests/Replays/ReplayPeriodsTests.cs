using System.Globalization;
using CsCheck;
using RetrainLoop.Monitor.Replays;

namespace RetrainLoop.Tests.Monitor.Replays;

public sealed class ReplayPeriodsTests
{
    static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    static DateTimeOffset At(string local) => new(TimeZoneInfo.ConvertTimeToUtc(DateTime.Parse(local, CultureInfo.InvariantCulture), Berlin));

    static List<(DateTimeOffset From, DateTimeOffset To)> Cut(DateTimeOffset from, DateTimeOffset to, double? baselineDays = null)
    {
        var baseline = ReplayPeriods.BaselineEnd(from, to, baselineDays, Berlin);
        var periods = new List<(DateTimeOffset, DateTimeOffset)>();
        for (var start = from; start < to; start = periods[^1].Item2) periods.Add((start, ReplayPeriods.EndOf(start, from, to, baseline, Berlin)));
        return periods;
    }

    [Fact]
    public void EndOf_WeekInWhichClocksChange_IsMidnightOfTheZone()
    {
        var periods = Cut(At("2026-10-22 14:00"), At("2026-10-29 09:30"));
        Assert.Equal(8, periods.Count);
        Assert.Equal(At("2026-10-23 00:00"), periods[0].To);
        Assert.Equal(TimeSpan.FromHours(25), periods[3].To - periods[3].From); // 25 October
        Assert.Equal(At("2026-10-29 09:30"), periods[^1].To);
    }

    [Theory]
    [InlineData("2026-09-01 00:00", "2026-09-22 00:00", null, "2026-09-08 00:00")] // seven days of three weeks
    [InlineData("2026-09-01 15:00", "2026-09-22 00:00", null, "2026-09-08 00:00")] // the whole day that is nearest
    [InlineData("2026-09-01 00:00", "2026-12-01 00:00", null, "2026-09-08 00:00")]
    [InlineData("2026-09-01 00:00", "2026-09-07 00:00", null, "2026-09-03 00:00")] // a third
    [InlineData("2026-09-01 00:00", "2026-09-22 00:00", 3.0, "2026-09-04 00:00")]
    [InlineData("2026-09-01 08:00", "2026-09-01 20:00", null, "2026-09-01 12:00")] // hours of half a day
    [InlineData("2026-09-01 08:00", "2026-09-01 08:30", null, "2026-09-01 08:10")] // no whole hour inside
    public void BaselineEnd_Lengths_LeavesSomethingToCompare(string from, string to, double? days, string expected) =>
        Assert.Equal(At(expected), ReplayPeriods.BaselineEnd(At(from), At(to), days, Berlin));

    [Fact]
    public void EndOf_AnyReplay_CutsItWithoutGapAndNeverAcrossTheBaseline() =>
        Gen.Select(Gen.Int[0, 500_000], Gen.Int[3, 200_000], Gen.Double[0.01, 300].Nullable()).Sample((start, length, days) =>
        {
            var from = DateTimeOffset.UnixEpoch.AddYears(55).AddMinutes(start);
            var to = from.AddMinutes(length);
            var baseline = ReplayPeriods.BaselineEnd(from, to, days, Berlin);
            var periods = Cut(from, to, days);
            return baseline > from && baseline <= to && periods[^1].To == to && periods.All(period => period.To > period.From)
                && periods.Any(period => period.To == baseline) && periods.Count <= length / 60 + 3;
        }, iter: 300);
}
