using RetrainLoop.Web.Pages.Alerts;

namespace RetrainLoop.Tests.Web.Pages.Alerts;

public sealed class AlertWindowTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    static readonly AlertRuleInfo Latency = new(Guid.NewGuid(), "p95", null, AlertMetric.LatencyP95, AlertComparison.Above, null, 5, AlertSeverity.Critical, "latency-p95", true);

    [Fact]
    public void Of_FiringAlert_RunsFromAnHourBeforeUntilNow() =>
        Assert.Equal(new AlertWindow(Now.AddMinutes(-80), Now), AlertWindow.Of(Alert(Now.AddMinutes(-20), null), Latency, Now));

    [Fact]
    public void Of_ResolvedLongAgo_EndsHalfAnHourAfter() =>
        Assert.Equal(new AlertWindow(Now.AddHours(-6), Now.AddHours(-3.5)), AlertWindow.Of(Alert(Now.AddHours(-5), Now.AddHours(-4)), Latency, Now));

    [Fact]
    public void Of_FiringAnewAfterItResolved_RunsUntilNow() =>
        Assert.Equal(Now, AlertWindow.Of(Alert(Now.AddMinutes(-5), Now.AddHours(-4)), Latency, Now).To);

    [Fact]
    public void Of_RuleOfMinutesThatFiresForMonths_ShowsTheLastTwoDays() =>
        Assert.Equal(TimeSpan.FromDays(2), Span(AlertWindow.Of(Alert(Now.AddDays(-90), null), Latency, Now)));

    [Fact]
    public void Of_RuleJudgedByDays_ShowsFourWeeks() =>
        Assert.Equal(TimeSpan.FromDays(28), Span(AlertWindow.Of(Alert(Now.AddDays(-1), null), Latency with { Metric = AlertMetric.HoldoutMap }, Now)));

    static TimeSpan Span(AlertWindow window) => window.To - window.From;

    static AlertInfo Alert(DateTimeOffset fired, DateTimeOffset? resolved) => new(
        Guid.NewGuid(), Latency.Id, Latency.Name, "line", resolved > fired ? AlertState.Resolved : AlertState.Firing, AlertSeverity.Critical, 138, 120, "ms", "", "latency-p95", fired, fired, resolved);
}
