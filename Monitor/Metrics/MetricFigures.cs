using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Metrics;

/// <summary>The numbers of a period beside those of the one before. Pure.</summary>
static class MetricFigures
{
    /// <param name="covered">The part of the period that telemetry covered: rates are per covered time.</param>
    /// <param name="name">One class of detections; null = all.</param>
    public static IReadOnlyList<MetricFigure> Of(SeriesSketch current, TimeSpan covered, SeriesSketch previous, TimeSpan previouslyCovered, string? name)
    {
        MetricFigure Figure(string metric, string unit, Func<SeriesSketch, TimeSpan, double?> measure) =>
            Compare(metric, unit, covered > TimeSpan.Zero ? measure(current, covered) : null, previouslyCovered > TimeSpan.Zero ? measure(previous, previouslyCovered) : null);
        (long Count, double Confidence) Detected(SeriesSketch sketch) => sketch.Classes.Where(pair => name is null || pair.Key == name)
            .Aggregate((0L, 0.0), (sum, pair) => (sum.Item1 + pair.Value.Count, sum.Item2 + pair.Value.ConfidenceSum));
        return
        [
            Figure("requestRate", "requests/s", (sketch, time) => sketch.Requests / time.TotalSeconds),
            Figure("latencyP50", "ms", (sketch, _) => sketch.LatencyQuantile(0.50)),
            Figure("latencyP95", "ms", (sketch, _) => sketch.LatencyQuantile(0.95)),
            Figure("latencyP99", "ms", (sketch, _) => sketch.LatencyQuantile(0.99)),
            Figure("errorRate", "share", (sketch, _) => sketch.ErrorRate),
            Figure("detectionsPerRequest", "detections/request", (sketch, _) => sketch.Succeeded == 0 ? null : (double)Detected(sketch).Count / sketch.Succeeded),
            Figure("detectionsPerMinute", "detections/min", (sketch, time) => Detected(sketch).Count / time.TotalMinutes),
            Figure("meanConfidence", "confidence", (sketch, _) => Detected(sketch) is { Count: > 0 } found ? found.Confidence / found.Count : null),
        ];
    }

    static MetricFigure Compare(string metric, string unit, double? value, double? previous) =>
        new(metric, unit, value, previous, value is { } now && previous is { } before && before != 0 ? 100 * (now - before) / before : null);
}
