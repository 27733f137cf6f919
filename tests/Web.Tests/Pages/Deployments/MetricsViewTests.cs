using RetrainLoop.Web.Pages.Deployments;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Tests.Web.Pages.Deployments;

public sealed class MetricsViewTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 30, TimeSpan.Zero);

    [Fact]
    public void Of_ParametersOfAView_GivesTheView()
    {
        var view = MetricsView.Of(null, "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", "camera", new MetricFilter(Region: "munich"));
        var parameters = view.Parameters;
        Assert.Equal(view, MetricsView.Of(
            (string?)parameters["range"], (string?)parameters["from"], (string?)parameters["to"], (string?)parameters["split"], new MetricFilter(Region: (string?)parameters["region"])));
        Assert.Equal(TimeSpan.FromDays(1), view.Window(Now).Length);
    }

    [Theory]
    [InlineData("yesterday", "2026-11-21T00:00:00Z")]
    [InlineData("2026-11-21T00:00:00Z", "2026-11-20T00:00:00Z")]
    [InlineData("2026-11-21T00:00:00Z", null)]
    public void Of_NonsenseInTheUrl_ShowsTheShortestRange(string? from, string? to)
    {
        var view = MetricsView.Of("for ever", from, to, "moon", MetricFilter.None);
        Assert.Equal(("1h", "none", false), (view.Range.Name, view.Split, view.IsCustom));
    }

    [Fact]
    public void Moved_BeyondNow_EndsNow()
    {
        var view = MetricsView.Of("6h", null, null, null, MetricFilter.None);
        var before = view.Moved(-1, Now);
        Assert.Equal(TimeSpan.FromHours(6), before.To - before.From);
        Assert.True(before.Moved(1, Now).Moved(1, Now).To <= Now);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2.95, 10)]
    [InlineData(47.5, 60)]
    [InlineData(24 * 34.5, 3600)]
    public void Kept_OfAnAge_IsWhatMonitorStillHas(double hours, int seconds) => Assert.Equal(seconds, TimeWindow.Kept(TimeSpan.FromHours(hours)));

    [Fact]
    public void Asked_WindowWithinOneStep_IsNotEmptyAndBarsReachItsEnd()
    {
        var window = new TimeWindow(Now.AddMinutes(-20), Now);
        Assert.True(window.Asked(3600).To > window.Asked(3600).From);
        Assert.Equal(Now, window.Asked(600, bars: true).To);
        Assert.Equal(Now.AddSeconds(-30), window.Asked(600).To);
    }

    [Theory]
    [InlineData(0.05, 1, 1)]
    [InlineData(1, 60, 60)]
    [InlineData(1, 10, 10)]
    [InlineData(24, 10, 300)]
    [InlineData(168, 60, 1800)]
    [InlineData(720, 60, 7200)]
    public void Step_OfAWindow_GivesAtMostFourHundredPoints(double hours, int least, int expected)
    {
        var window = new TimeWindow(Now.AddHours(-hours), Now);
        Assert.Equal(expected, window.Step(least));
        Assert.InRange(window.Length.TotalSeconds / window.Step(least), 2, 400);
    }
}
