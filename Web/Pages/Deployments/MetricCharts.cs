using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Deployments;

/// <summary>What the charts of the metrics tab show of a snapshot.</summary>
static class MetricCharts
{
    const string Group = "metrics";

    public static IReadOnlyList<MetricChart> Of(MetricsSnapshot snapshot, DeploymentInfo deployment) =>
    [
        Requests(snapshot), Latency(snapshot, deployment.LatencyBudgetMs), Errors(snapshot), Detections(snapshot), DetectionsPerMinute(snapshot),
        Confidence(snapshot), Regions(snapshot, deployment), Stages(snapshot),
    ];

    static MetricChart Requests(MetricsSnapshot snapshot) => Plain(
        snapshot, "requests", "Request rate", "requests per second", "req/s", "requestRate", "Requests", AlertMetric.RequestRate, filled: true);

    static MetricChart Latency(MetricsSnapshot snapshot, double budgetMs)
    {
        var answer = snapshot.Answers.GetValueOrDefault("latency");
        var budget = $"p95 budget {Figure.Milliseconds(budgetMs)}";
        IReadOnlyList<ChartLine> lines = IsSplit(snapshot, "latency")
            ? [.. MetricLines.By(snapshot.View.Split, answer?.Series ?? []).Select((line, index) => index == 0 ? line with { Limit = budgetMs, LimitName = budget } : line)]
            :
            [
                new ChartLine("p50", "third", Percentile(answer, "50")),
                new ChartLine("p95", "accent", Percentile(answer, "95"), Limit: budgetMs, LimitName: budget),
                new ChartLine("p99", "second", Percentile(answer, "99"), Quiet: true),
            ];
        return Chart(
            snapshot, "latency", "Latency", IsSplit(snapshot, "latency") ? "p95, from received body to answer" : "from received body to answer", new UpAxis("ms"), lines,
            [("p50", "latencyP50"), ("p95", "latencyP95"), ("p99", "latencyP99")], AlertMetric.LatencyP95);
    }

    static MetricChart Errors(MetricsSnapshot snapshot)
    {
        var series = snapshot.Answers.GetValueOrDefault("errors")?.Series ?? [];
        var lines = IsSplit(snapshot, "errors")
            ? MetricLines.By(snapshot.View.Split, series.Where(one => one.Labels.GetValueOrDefault("kind", "all") == "all"), 100)
            : [.. MetricLines.By("kind", series.Where(one => one.Labels.GetValueOrDefault("kind") != "all"), 100, MetricWords.ErrorKind).Select(line => line with { Stack = "kinds", Filled = true })];
        var most = lines.SelectMany(line => line.Points).Max(point => point[1]) ?? 0;
        return Chart(snapshot, "errors", "Error rate", "share of requests without an answer", most < 1 ? new UpAxis("%", Max: 1, Interval: 0.25) : new UpAxis("%"), lines, [("", "errorRate")], AlertMetric.ErrorRate);
    }

    static MetricChart Detections(MetricsSnapshot snapshot) => Plain(
        snapshot, "detections", "Detections per request", "at the operating point", "per request", "detectionsPerRequest", "Detections", AlertMetric.DetectionsPerRequest);

    static MetricChart DetectionsPerMinute(MetricsSnapshot snapshot) => Plain(
        snapshot, "detectionsPerMinute", "Detections per minute", "all requests together", "per min", "detectionsPerMinute", "Detections", AlertMetric.DetectionsPerMinute, filled: true);

    static MetricChart Confidence(MetricsSnapshot snapshot) => Plain(
        snapshot, "confidence", "Mean confidence", "of all detections", "confidence, 0 to 1", "meanConfidence", "Confidence", AlertMetric.MeanConfidence, least: null);

    static MetricChart Regions(MetricsSnapshot snapshot, DeploymentInfo deployment)
    {
        var answer = snapshot.Answers.GetValueOrDefault("regions");
        var step = answer is { Step: > 0 } ? answer.Step : snapshot.Window.BarStep();
        var whole = snapshot.Window.On(step);
        var names = deployment.Regions.ToDictionary(region => region.Name, region => region.DisplayName);
        var lines = MetricLines.AsBars(MetricLines.By("region", answer?.Series ?? [], 100, name => names.GetValueOrDefault(name, name)), step, "regions");
        return new MetricChart(
            "regions", "Regions", $"share of requests per {MetricWords.Step(step)}", [],
            new LineChartSpec(AcrossAxis.Between(whole.From, whole.To.AddSeconds(step)), new UpAxis("%", Max: 100, Interval: 25), null, lines, Group, Markers(snapshot)), null, step);
    }

    static MetricChart Stages(MetricsSnapshot snapshot) => Chart(
        snapshot, "stages", "Stages", "median time of a frame in each stage; its upload is no part of the latency", new UpAxis("ms"),
        [.. MetricLines.By("stage", (snapshot.Answers.GetValueOrDefault("stages")?.Series ?? []).Where(MetricWords.IsStage), 1, MetricWords.Stage, MetricWords.Stages)
            .Where(line => line.Latest is not null || line.Name != MetricWords.Stage(MetricWords.Upload)) // older replicas do not measure it
            .Select(line => line.Name == MetricWords.Stage(MetricWords.Upload) ? line with { Dashed = true } : line with { Stack = "stages", Filled = true })],
        [], null);

    /// <summary>A chart of one line, or of one for each value of the split.</summary>
    static MetricChart Plain(
        MetricsSnapshot snapshot, string metric, string title, string note, string unit, string figure, string line, AlertMetric alert, bool filled = false, double? least = 0)
    {
        var answer = snapshot.Answers.GetValueOrDefault(metric);
        var lines = IsSplit(snapshot, metric)
            ? MetricLines.By(snapshot.View.Split, (answer?.Series ?? []).Where(series => Belongs(series.Labels)))
            : [new ChartLine(line, "accent", MetricLines.Points(answer, Belongs), Filled: filled)];
        // The detections come per request and per minute in one answer.
        bool Belongs(IReadOnlyDictionary<string, string> labels) => metric != "detections" || labels.GetValueOrDefault("per") != "minute";
        return Chart(snapshot, metric, title, note, new UpAxis(unit, least), lines, [("", figure)], alert);
    }

    static MetricChart Chart(
        MetricsSnapshot snapshot, string metric, string title, string note, UpAxis up, IReadOnlyList<ChartLine> lines, (string Label, string Name)[] figures, AlertMetric? alert)
    {
        var answer = snapshot.Answers.GetValueOrDefault(metric);
        var step = answer is { Step: > 0 } ? answer.Step : snapshot.Window.Step(60);
        var all = answer is null || !IsSplit(snapshot, metric) ? 0 : answer.Series.Select(series => series.Labels.GetValueOrDefault(snapshot.View.Split)).Distinct().Count();
        return new MetricChart(
            metric, title, $"{note} · {MetricWords.Step(step)} steps" + (all > MetricLines.Most ? $" · the {MetricLines.Most} highest of {all}" : ""),
            [.. figures.Where(figure => snapshot.Figures.ContainsKey(figure.Name)).Select(figure => (figure.Label, snapshot.Figures[figure.Name]))],
            new LineChartSpec(Across(snapshot), up, null, lines, Group, Markers(snapshot)), alert, step);
    }

    static bool IsSplit(MetricsSnapshot snapshot, string metric) =>
        snapshot.View.Split != "none" && snapshot.Answers.GetValueOrDefault(metric)?.Series.Any(series => series.Labels.ContainsKey(snapshot.View.Split)) == true;

    static IReadOnlyList<double?[]> Percentile(MetricsResponse? answer, string percentile) =>
        MetricLines.Points(answer, labels => labels.GetValueOrDefault("p") == percentile);

    static AcrossAxis Across(MetricsSnapshot snapshot) => AcrossAxis.Between(snapshot.Window.From, snapshot.Window.To);

    static IReadOnlyList<ChartMarker> Markers(MetricsSnapshot snapshot) => [.. snapshot.Events.Select(one => one.Marker)];
}
