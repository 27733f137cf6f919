using RetrainLoop.Monitor.Drift;

namespace RetrainLoop.Tests.Monitor.Drift;

public sealed class WindowReaderTests
{
    static readonly DateTimeOffset Six = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Pieces_WindowAcrossHours_TakesHoursInTheMiddleAndFinerOnesAtItsEnds()
    {
        var (from, to) = (Six.AddMinutes(17).AddSeconds(20), Six.AddHours(3).AddMinutes(5));
        var pieces = WindowReader.Pieces([3600, 60, 10], from, to).ToList();
        Assert.Equal([10, 60, 3600, 60], pieces.Select(piece => piece.Resolution));
        Assert.Equal((from, to), (pieces[0].From, pieces[^1].To));
        Assert.All(pieces.Zip(pieces.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        Assert.All(pieces, piece => Assert.True(piece.From.ToUnixTimeSeconds() % piece.Resolution == 0 && piece.To.ToUnixTimeSeconds() % piece.Resolution == 0));
    }

    [Theory]
    [InlineData(7 * 86_400, 3600)]
    [InlineData(7 * 86_400 + 10, 3600)] // locked at the first look after the week
    [InlineData(8.3 * 86_400, 3600)]
    [InlineData(2 * 86_400, 900)]
    [InlineData(1800, 10)]
    [InlineData(60, 10)]
    public void CellSecondsFor_AnyWindow_DividesTheDay(double window, int seconds) => Assert.Equal(seconds, SignalWindow.CellSecondsFor(TimeSpan.FromSeconds(window)));

    [Fact]
    public void Choose_WeekAgainstWeek_TakesHalfDaysAndTwoDaysTakeEightHours()
    {
        var traffic = new SimulatedTraffic(1);
        var (baseline, week, twoDays) = (traffic.Days(7), traffic.Days(7), traffic.Days(2));
        var weekly = BlockPlan.Choose(baseline, week, new DriftOptions());
        Assert.Equal((12 * 3600, 2, 14, 14), (weekly.Seconds, weekly.Parts, weekly.BaselineBlocks, weekly.CurrentBlocks));
        Assert.Equal(3432.0 * 3432, weekly.Arrangements, 1.0); // C(14, 7) ways for the mornings, as many for the evenings
        var daily = BlockPlan.Choose(baseline, twoDays, new DriftOptions());
        Assert.Equal((8 * 3600, 3, 21, 6), (daily.Seconds, daily.Parts, daily.BaselineBlocks, daily.CurrentBlocks));
        Assert.Equal(36.0 * 36 * 36, daily.Arrangements, 1.0);
    }
}
