using RetrainLoop.Monitor.Alerts;
using RetrainLoop.Monitor.Alerts.Silences;

namespace RetrainLoop.Tests.Monitor.Alerts;

public sealed class AlertSuppressionTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    static AlertRuleInfo Rule(AlertMetric metric, AlertSeverity severity = AlertSeverity.Critical, string? camera = null) => new(
        Guid.NewGuid(), $"{metric}", null, metric, AlertComparison.Above, 1, 5, severity, "x", true, Camera: camera);

    static (Alert, AlertRuleInfo) Firing(AlertRuleInfo rule, string deployment = "line", bool test = false, AlertState state = AlertState.Firing) =>
        (new Alert(Guid.NewGuid(), rule.Id, deployment, Now, AlertStatus.New(Now) with { State = state, FiredAt = Now }) { Test = test }, rule);

    static Silence Silence(Guid? rule = null, string? deployment = null, string? camera = null, int from = -1, int to = 1) =>
        new(Guid.NewGuid(), rule, deployment, null, camera, null, Now.AddHours(from), Now.AddHours(to), "anna", "planned");

    [Theory]
    [InlineData(AlertMetric.NoData, AlertMetric.LatencyP95, "line", true)] // nothing else is known without data
    [InlineData(AlertMetric.NoData, AlertMetric.LatencyP95, "other", false)]
    [InlineData(AlertMetric.NoData, AlertMetric.NoData, "line", false)]
    [InlineData(AlertMetric.LatencyP95, AlertMetric.NoData, "line", false)]
    [InlineData(AlertMetric.LatencyP95, AlertMetric.ErrorRate, "line", false)]
    public void Apply_TwoFiring_InhibitsByNoDataOfTheSameDeployment(AlertMetric source, AlertMetric target, string deployment, bool inhibited)
    {
        var (first, second) = (Firing(Rule(source)), Firing(Rule(target), deployment));
        Assert.Equal(inhibited, AlertSuppression.Apply([first, second], [], Now)[1].Inhibited);
    }

    [Fact]
    public void Apply_CriticalAndWarningOfOneMetric_CriticalSpeaksForBoth()
    {
        var alerts = AlertSuppression.Apply([Firing(Rule(AlertMetric.LatencyP95)), Firing(Rule(AlertMetric.LatencyP95, AlertSeverity.Warning)),
            Firing(Rule(AlertMetric.LatencyP95, AlertSeverity.Warning, camera: "cam-1"))], [], Now);
        Assert.Equal([false, true, false], alerts.Select(alert => alert.Inhibited));
    }

    [Fact]
    public void Apply_ResolvedNoData_InhibitsNothing() =>
        Assert.False(AlertSuppression.Apply([Firing(Rule(AlertMetric.NoData), state: AlertState.Resolved), Firing(Rule(AlertMetric.ErrorRate))], [], Now)[1].Inhibited);

    [Fact]
    public void Apply_Silences_CoverByRuleDeploymentCameraAndTime()
    {
        var rule = Rule(AlertMetric.LatencyP95, camera: "cam-1");
        DateTimeOffset? UntilBy(params Silence[] silences) => AlertSuppression.Apply([Firing(rule)], silences, Now)[0].SilencedUntil;
        Assert.Equal(Now.AddHours(1), UntilBy(Silence()));
        Assert.Equal(Now.AddHours(1), UntilBy(Silence(rule.Id, "line", "cam-1")));
        Assert.Equal(Now.AddHours(3), UntilBy(Silence(), Silence(to: 3)));
        Assert.Null(UntilBy(Silence(Guid.NewGuid())));
        Assert.Null(UntilBy(Silence(deployment: "other")));
        Assert.Null(UntilBy(Silence(camera: "cam-2")));
        Assert.Null(UntilBy(Silence(from: 1, to: 2)));
        Assert.Null(UntilBy(Silence(from: -2, to: 0)));
    }

    [Fact]
    public void Apply_TestAlert_IsNeitherSilencedNorInhibited()
    {
        var test = AlertSuppression.Apply([Firing(Rule(AlertMetric.NoData)), Firing(Rule(AlertMetric.ErrorRate), test: true)], [Silence()], Now)[1];
        Assert.Equal((null, false), (test.SilencedUntil, test.Inhibited));
    }
}
