using RetrainLoop.Web.Pages.Alerts;

namespace RetrainLoop.Tests.Web.Pages.Alerts;

public sealed class RuleDraftTests
{
    static readonly AlertRuleInfo Drop = new(
        Guid.NewGuid(), "Munich sees less", "line", AlertMetric.DetectionsPerMinute, AlertComparison.DropsBy, 0.35, 10, AlertSeverity.Critical, "detection-drop", true,
        new ModelRef("line:press", 3), "munich", "cam-1", "gear", 3, 0.2);

    [Fact]
    public void ToRule_UntouchedDraft_GivesTheSameRule() => Assert.Equal(Drop, RuleDraft.Of(Drop).ToRule());

    [Fact]
    public void ToRule_EveryMetricAndComparison_KeepsTheThresholdThroughItsUnit()
    {
        foreach (var metric in Enum.GetValues<AlertMetric>())
            foreach (var comparison in AlertMetricWords.Comparisons(metric))
            {
                var rule = Drop with { Metric = metric, Comparison = comparison, Threshold = 0.07, ResolveThreshold = null };
                Assert.Equal(0.07, RuleDraft.Of(rule).ToRule().Threshold!.Value, 12);
            }
    }

    [Fact]
    public void Threshold_OfDropAndErrorRate_IsTypedInPercent()
    {
        Assert.Equal("35", RuleDraft.Of(Drop).Threshold);
        var errors = new RuleDraft { Metric = AlertMetric.ErrorRate, Threshold = "2,5" };
        Assert.Equal(0.025, errors.ToRule().Threshold!.Value, 12);
    }

    [Fact]
    public void Metric_Changed_TakesBackWhatDoesNotGoWithIt()
    {
        var draft = RuleDraft.Of(Drop);
        draft.Metric = AlertMetric.LatencyP99;
        Assert.Equal((AlertComparison.Above, "", "munich", "", "latency-p95"), (draft.Comparison, draft.Threshold, draft.Region, draft.Class, draft.Runbook));
        draft.Runbook = "ours";
        draft.Metric = AlertMetric.MonitorLag;
        Assert.Equal(("", "", "", "", "ours"), (draft.Region, draft.Camera, draft.Model, draft.Deployment, draft.Runbook));
    }

    [Theory]
    [InlineData(AlertMetric.LatencyP95, "", true)]
    [InlineData(AlertMetric.LatencyP95, "fast", false)]
    [InlineData(AlertMetric.RequestRate, "", false)]
    [InlineData(AlertMetric.RequestRate, "0.5", true)]
    public void Missing_Threshold_IsAskedForOnlyWhereThereIsNoDefault(AlertMetric metric, string threshold, bool complete) =>
        Assert.Equal(complete, new RuleDraft { Metric = metric, Threshold = threshold }.Missing() is null);
}
