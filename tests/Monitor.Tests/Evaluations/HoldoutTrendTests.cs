using RetrainLoop.Monitor.Evaluations;

namespace RetrainLoop.Tests.Monitor.Evaluations;

public sealed class HoldoutTrendTests
{
    static readonly DateTimeOffset Monday = new(2026, 11, 2, 3, 0, 0, TimeSpan.Zero);

    static List<HoldoutPoint> Weeks(params double[] values) => [.. values.Select((value, week) => new HoldoutPoint(
        Guid.NewGuid(), Monday.AddDays(7 * week), Batches.Model, new DatasetRef("live", week + 1), value, value - 0.02, value + 0.02, 300, 900, []))];

    /// <summary>Points that lie so many weeks after the first Monday, each lower than the one before.</summary>
    static List<HoldoutPoint> Falling(params int[] weeks) =>
        [.. Weeks([.. weeks.Select((_, index) => 0.7 - 0.01 * index)]).Select((point, index) => point with { At = Monday.AddDays(7 * weeks[index]) })];

    static HoldoutChange Change(double difference, bool excludesNoise) =>
        new(Guid.NewGuid(), Guid.NewGuid(), difference, difference - 0.01, difference + 0.01, true, 200, excludesNoise);

    static HoldoutVerdict Judge(List<HoldoutPoint> points, HoldoutChange? sinceLock, HoldoutChange? trend, int weeks = 3) =>
        HoldoutTrend.Judge(points, TimeZoneInfo.Utc, points[0], sinceLock, trend, drop: 0.01, weeks);

    [Fact]
    public void Judge_ThreeFallingWeeksBeyondNoise_IsADowntrend()
    {
        Assert.True(Judge(Weeks(0.7, 0.69, 0.68, 0.67), null, Change(-0.03, true)).Downtrend);
        Assert.False(Judge(Weeks(0.7, 0.69, 0.68, 0.67), null, Change(-0.03, false)).Downtrend);
        Assert.False(Judge(Weeks(0.7, 0.68, 0.69, 0.67), null, Change(-0.03, true)).Downtrend);
        Assert.True(Judge(Weeks(0.7, 0.69, 0.68), null, Change(-0.02, true), weeks: 2).Downtrend);
        Assert.Null(HoldoutTrend.Ends(Weeks(0.7, 0.69, 0.68), TimeZoneInfo.Utc));
        Assert.NotNull(HoldoutTrend.Ends(Weeks(0.7, 0.69, 0.68), TimeZoneInfo.Utc, weeks: 2));
    }

    [Fact]
    public void Ends_RunsByHandInOneWeek_MakeNoWeeksOfTheirOwn()
    {
        var points = Weeks(0.7, 0.69, 0.68);
        points.Add(points[2] with { At = points[2].At.AddDays(1), MeanAveragePrecision = 0.67 });
        Assert.Null(HoldoutTrend.Ends(points, TimeZoneInfo.Utc));
    }

    /// <summary>Found before it was written: four monthly evaluations counted as three weeks.</summary>
    [Theory]
    [InlineData(new[] { 0, 1, 2, 3 }, true)]
    [InlineData(new[] { 0, 7, 8, 9, 10 }, true)] // what lies before does not matter
    [InlineData(new[] { 0, 4, 8, 12 }, false)]
    [InlineData(new[] { 0, 1, 2, 4 }, false)]
    [InlineData(new[] { 0, 2, 3, 4 }, false)]
    [InlineData(new[] { 7, 8, 9, 10 }, true)] // over the end of the year
    public void Judge_WeekWithoutAPoint_IsNoTrend(int[] weeks, bool isTrend)
    {
        var points = Falling(weeks);
        (HoldoutPoint, HoldoutPoint)? ends = isTrend ? (points[^4], points[^1]) : null;
        Assert.Equal(ends, HoldoutTrend.Ends(points, TimeZoneInfo.Utc));
        Assert.Equal(isTrend, Judge(points, null, Change(-0.03, true)).Downtrend);
    }

    [Fact]
    public void Ends_ZoneWithAnotherDate_TakesItsWeeks()
    {
        var points = Falling(0, 1, 2, 3);
        points[1] = points[1] with { At = Monday.AddDays(7).AddHours(-4) }; // Sunday 23:00 UTC
        Assert.Null(HoldoutTrend.Ends(points, TimeZoneInfo.Utc));
        Assert.NotNull(HoldoutTrend.Ends(points, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")));
    }

    [Theory]
    [InlineData(-0.02, true, true, "excludes noise")]
    [InlineData(-0.02, false, true, "does not exclude noise")]
    [InlineData(-0.009, true, false, "a drop is more than 1")]
    public void Judge_ChangeSinceTheLock_SaysWhetherItIsADropAndWhetherNoise(double difference, bool excludes, bool dropped, string says)
    {
        var verdict = Judge(Weeks(0.7, 0.69), Change(difference, excludes), null);
        Assert.Equal(dropped, verdict.Dropped);
        Assert.Contains(says, verdict.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.01, 0.01, true)] // the half widths make 0.014 together, the fall is 0.02
    [InlineData(0.02, 0.01, false)]
    [InlineData(0.02, null, false)] // without an interval it is never certain
    public void Independent_NoMatchesKept_AddsHalfWidthsAsSquares(double firstHalf, double? lastHalf, bool excludesNoise)
    {
        var points = Weeks(0.7, 0.68);
        var change = HoldoutChanges.Independent(points[0] with { Low = 0.7 - firstHalf, High = 0.7 + firstHalf },
            points[1] with { Low = 0.68 - lastHalf, High = 0.68 + lastHalf });
        Assert.Equal((-0.02, false, excludesNoise), (Math.Round(change.Difference, 9), change.Paired, change.ExcludesNoise));
    }

    [Fact]
    public void Labels_HalfTheWidth_TakesFourTimesTheImages()
    {
        var needed = HoldoutTrend.Labels(Weeks(0.7)[0], 0.02);
        Assert.Equal((0.04, 900), (Math.Round(needed.CurrentWidth!.Value, 9), needed.MoreImages));
        Assert.Equal(0, HoldoutTrend.Labels(Weeks(0.7)[0], 0.05).MoreImages);
        Assert.Null(HoldoutTrend.Labels(null, 0.02).MoreImages);
    }
}
