using RetrainLoop.Web.Pages.Deployments;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Tests.Web.Pages.Deployments;

public sealed class MetricChartsTests
{
    static readonly DateTimeOffset From = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    static readonly DeploymentInfo Deployment = new(
        "line", new ModelRef("line", 1), null, null, 0, false, ["gear"], 120, "UTC", 0.25, [], new SamplingPolicy(), null, 1, From);

    [Fact]
    public void Of_StepWithoutTelemetry_IsAGapAndNotZero()
    {
        var chart = Of("requests", [Series(("unit", "requests/s"), 4, null, 0, 5)]);
        Assert.Equal([4.0, null, 0.0, 5.0], Assert.Single(chart.Spec.Lines).Points.Select(point => point[1]));
    }

    [Fact]
    public void Of_ErrorsByKind_StackInPercentWithoutTheirTotal()
    {
        var chart = Of("errors", [Series(("kind", "all"), 0.02), Series(("kind", "badInput"), 0.015), Series(("kind", "timeout"), 0.005)]);
        Assert.Equal([("Bad input", 1.5), ("Timeout", 0.5)], chart.Spec.Lines.Select(line => (line.Name, Math.Round(line.Points[0][1]!.Value, 9))));
        Assert.All(chart.Spec.Lines, line => Assert.Equal("kinds", line.Stack));
    }

    [Fact]
    public void Of_LatencyOfOneModel_HasTheBudgetAsLimit()
    {
        var chart = Of("latency", [Series(("p", "50"), 40), Series(("p", "95"), 90), Series(("p", "99"), 130)]);
        Assert.Equal([null, 120.0, null], chart.Spec.Lines.Select(line => line.Limit));
    }

    [Fact]
    public void Of_ManyCameras_ShowsTheHighestEightInOrderOfTheirNames()
    {
        var series = Enumerable.Range(10, 12).Select(camera => Series([("unit", "requests/s"), ("camera", $"cam-{camera}")], camera)).ToArray();
        var chart = Of("requests", series, "camera");
        Assert.Equal(Enumerable.Range(14, 8).Select(camera => $"cam-{camera}"), chart.Spec.Lines.Select(line => line.Name));
        Assert.Contains("the 8 highest of 12", chart.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Stages_StandOnEachOtherButForTheUpload()
    {
        var chart = Of("stages", [.. new[] { "queue", "upload", "decode", "total" }.Select(stage => Series(("stage", stage), 5))]);
        Assert.Equal([("Upload", null, true), ("Queue", "stages", false), ("Decode", "stages", false)],
            chart.Spec.Lines.Select(line => (line.Name, line.Stack, line.Dashed)));
    }

    [Fact]
    public void Of_StagesOfReplicasThatMeasureNoUpload_HaveNoLineForIt() => Assert.Equal(
        ["Queue"], Of("stages", [Series(("stage", "upload"), null, null), Series(("stage", "queue"), 5, 6)]).Spec.Lines.Select(line => line.Name));

    static MetricChart Of(string metric, MetricSeries[] series, string split = "none")
    {
        var view = MetricsView.Of("1h", null, null, split, MetricFilter.None);
        var snapshot = new MetricsSnapshot(
            view, new TimeWindow(From, From.AddHours(1)), new Dictionary<string, MetricsResponse> { [metric] = new(series, "", 60) }, new Dictionary<string, MetricFigure>(), null, []);
        return MetricCharts.Of(snapshot, Deployment).Single(chart => chart.Metric == metric);
    }

    static MetricSeries Series((string Name, string Value) label, params double?[] values) => Series([label], values);

    static MetricSeries Series((string Name, string Value)[] labels, params double?[] values) => new(
        labels.ToDictionary(label => label.Name, label => label.Value), [.. values.Select((value, index) => new MetricPoint(From.AddMinutes(index), value))]);
}
