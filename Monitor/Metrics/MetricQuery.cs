using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Metrics;

/// <summary>What a chart asks for.</summary>
public enum Metric { Latency, Requests, Errors, Detections, Confidence, Regions }

/// <summary>Turns series into the points of a chart. Pure.</summary>
public static class MetricQuery
{
    /// <param name="steps">The traffic of each step in order, null where nothing happened; the step's start and whether telemetry covered it.</param>
    /// <param name="stepSeconds">Length of a step.</param>
    public static IReadOnlyList<MetricSeries> Run(
        Metric metric, IReadOnlyList<(DateTimeOffset Start, bool Alive, IReadOnlyList<SeriesBucket> Buckets)> steps, int stepSeconds, IReadOnlyList<double> percentiles)
    {
        var sums = steps.Select(step => (step.Start, step.Alive, Sketch: SeriesSketch.Sum(step.Buckets.Select(bucket => bucket.Sketch)))).ToList();
        MetricSeries Line(string label, string value, Func<SeriesSketch, double?> measure) => new(
            new Dictionary<string, string> { [label] = value },
            [.. sums.Select(step => new MetricPoint(step.Start, step.Alive ? measure(step.Sketch) : null))]);

        return metric switch
        {
            Metric.Latency => [.. percentiles.Select(p => Line("p", p.ToString(System.Globalization.CultureInfo.InvariantCulture), sketch => sketch.LatencyQuantile(p / 100)))],
            Metric.Requests => [Line("unit", "requests/s", sketch => (double)sketch.Requests / stepSeconds)],
            Metric.Errors => [Line("kind", "all", sketch => sketch.ErrorRate), .. Enum.GetValues<RequestOutcome>().Where(kind => kind != RequestOutcome.Ok)
                .Select(kind => Line("kind", NameOf(kind), sketch => sketch.Requests == 0 ? null : (double)sketch.Outcomes[(int)kind] / sketch.Requests))],
            Metric.Detections => [Line("per", "request", sketch => sketch.MeanDetectionsPerRequest), Line("per", "minute", sketch => sketch.Detections * 60.0 / stepSeconds)],
            Metric.Confidence => [Line("unit", "confidence", sketch => sketch.MeanConfidence)],
            _ => Regions(steps),
        };
    }

    /// <summary>Groups buckets by step, for every step of [from, to).</summary>
    public static List<(DateTimeOffset Start, bool Alive, IReadOnlyList<SeriesBucket> Buckets)> Steps(
        IEnumerable<SeriesBucket> buckets, TelemetryCoverage coverage, DateTimeOffset from, DateTimeOffset to, int stepSeconds)
    {
        var byStep = buckets.ToLookup(bucket => bucket.Start.Floor(stepSeconds));
        var steps = new List<(DateTimeOffset, bool, IReadOnlyList<SeriesBucket>)>();
        for (var start = from.Floor(stepSeconds); start < to; start = start.AddSeconds(stepSeconds))
            steps.Add((start, byStep.Contains(start) || coverage.IsAlive(start, start.AddSeconds(stepSeconds)), [.. byStep[start]]));
        return steps;
    }

    /// <summary>Requests per region as shares that sum to 1.</summary>
    public static IReadOnlyDictionary<string, double> RegionShares(IReadOnlyList<SeriesBucket> buckets)
    {
        double total = buckets.Sum(bucket => bucket.Sketch.Requests);
        return total == 0
            ? new Dictionary<string, double>()
            : buckets.GroupBy(bucket => bucket.Region).ToDictionary(region => region.Key, region => region.Sum(bucket => bucket.Sketch.Requests) / total);
    }

    static MetricSeries[] Regions(IReadOnlyList<(DateTimeOffset Start, bool Alive, IReadOnlyList<SeriesBucket> Buckets)> steps)
    {
        var shares = steps.Select(step => (step.Start, Shares: RegionShares(step.Buckets))).ToList();
        return [.. shares.SelectMany(step => step.Shares.Keys).Distinct().Order().Select(region => new MetricSeries(
            new Dictionary<string, string> { ["region"] = region },
            [.. shares.Select(step => new MetricPoint(step.Start, step.Shares.Count == 0 ? null : step.Shares.GetValueOrDefault(region)))]))];
    }

    static string NameOf(RequestOutcome kind) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}
