using System.Globalization;
using System.Text.Json;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Metrics;

/// <summary>Turns the steps of a chart into its lines. Pure.</summary>
public static class MetricQuery
{
    static readonly string[] Stages = ["upload", "queue", "decode", "inference", "postprocess"];

    public static IReadOnlyList<MetricSeries> Run(MetricChart chart, IReadOnlyList<MetricStep> steps)
    {
        if (chart.Metric == Metric.Regions) return Regions(steps);
        var split = JsonNamingPolicy.CamelCase.ConvertName(chart.Split.ToString());
        var isGrouped = chart.Split is MetricSplit.Version or MetricSplit.Slot or MetricSplit.Region or MetricSplit.Camera;
        IEnumerable<string> groups = isGrouped ? steps.SelectMany(step => step.Groups.Keys).Distinct().Order(StringComparer.Ordinal) : [""];
        return [.. groups.SelectMany(group => Lines(chart, steps).Select(line => new MetricSeries(
            isGrouped ? new Dictionary<string, string>(line.Labels) { [split] = group } : line.Labels,
            [.. steps.Select(step => new MetricPoint(step.Start, step.Seconds == 0 ? null
                : line.Measure(step.Groups.GetValueOrDefault(group) ?? Nothing, step.Seconds)))])))];
    }

    /// <summary>Requests per region as shares that sum to 1.</summary>
    public static IReadOnlyDictionary<string, double> RegionShares(IEnumerable<(string Region, long Requests)> regions)
    {
        var requests = regions.GroupBy(region => region.Region).ToDictionary(region => region.Key, region => (double)region.Sum(one => one.Requests));
        var total = requests.Values.Sum();
        return total == 0 ? new Dictionary<string, double>() : requests.ToDictionary(region => region.Key, region => region.Value / total);
    }

    static SeriesSketch Nothing { get; } = new();

    static IEnumerable<Line> Lines(MetricChart chart, IReadOnlyList<MetricStep> steps) => chart.Metric switch
    {
        Metric.Latency => chart.Percentiles.Select(p => new Line(Label("p", p), (sketch, _) => sketch.LatencyQuantile(p / 100))),
        Metric.Stages => Stages.SelectMany(stage => chart.Percentiles.Select(p =>
            new Line(new() { ["stage"] = stage, ["p"] = Text(p) }, (sketch, _) => sketch.StageQuantile(stage, p / 100)))),
        Metric.Requests when chart.Split == MetricSplit.Kind => Enum.GetValues<RequestOutcome>()
            .Select(kind => new Line(Label("kind", Name(kind)), (sketch, seconds) => sketch.Outcomes[(int)kind] / seconds)),
        Metric.Requests => [new Line(Label("unit", "requests/s"), (sketch, seconds) => sketch.Requests / seconds)],
        Metric.Errors => Enum.GetValues<RequestOutcome>().Where(kind => kind != RequestOutcome.Ok)
            .Select(kind => new Line(Label("kind", Name(kind)), (sketch, _) => sketch.Requests == 0 ? null : (double)sketch.Outcomes[(int)kind] / sketch.Requests))
            .Prepend(new Line(Label("kind", "all"), (sketch, _) => sketch.ErrorRate)),
        _ when chart.Metric == Metric.Classes || chart.Split == MetricSplit.Class => Classes(chart, steps),
        _ => Detections(chart.Metric, [], chart.Filter.Class),
    };

    static IEnumerable<Line> Classes(MetricChart chart, IReadOnlyList<MetricStep> steps) => steps
        .SelectMany(step => step.Groups.Values).SelectMany(sketch => sketch.Classes.Keys).Distinct().Order(StringComparer.Ordinal)
        .Where(name => chart.Filter.Class is null || name == chart.Filter.Class)
        .SelectMany(name => Detections(chart.Metric, Label("class", name), name));

    /// <param name="name">One class; null = all.</param>
    static IEnumerable<Line> Detections(Metric metric, Dictionary<string, string> labels, string? name)
    {
        long Count(SeriesSketch sketch) => name is null ? sketch.Detections : sketch.Classes.GetValueOrDefault(name)?.Count ?? 0;
        var perRequest = new Line(new(labels) { ["per"] = "request" }, (sketch, _) => sketch.Succeeded == 0 ? null : (double)Count(sketch) / sketch.Succeeded);
        var perMinute = new Line(new(labels) { ["per"] = "minute" }, (sketch, seconds) => Count(sketch) * 60 / seconds);
        return metric switch
        {
            Metric.Detections => [perRequest, perMinute],
            Metric.Confidence => [new Line(new(labels) { ["unit"] = "confidence" }, (sketch, _) => name is null ? sketch.MeanConfidence
                : sketch.Classes.GetValueOrDefault(name) is { Count: > 0 } one ? one.ConfidenceSum / one.Count : null)],
            _ => [perMinute],
        };
    }

    static MetricSeries[] Regions(IReadOnlyList<MetricStep> steps)
    {
        var shares = steps.Select(step => (step.Start, Shares: RegionShares(step.Groups.Select(group => (group.Key, group.Value.Requests))))).ToList();
        return [.. shares.SelectMany(step => step.Shares.Keys).Distinct().Order(StringComparer.Ordinal).Select(region => new MetricSeries(
            Label("region", region),
            [.. shares.Select(step => new MetricPoint(step.Start, step.Shares.Count == 0 ? null : step.Shares.GetValueOrDefault(region)))]))];
    }

    static Dictionary<string, string> Label(string name, string value) => new() { [name] = value };
    static Dictionary<string, string> Label(string name, double value) => Label(name, Text(value));
    static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
    static string Name(RequestOutcome kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    sealed record Line(Dictionary<string, string> Labels, Func<SeriesSketch, double, double?> Measure);
}
