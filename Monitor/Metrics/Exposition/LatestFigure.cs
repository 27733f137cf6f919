using System.Globalization;
using System.Text.Json;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Metrics.Exposition;

/// <summary>One gauge of the last closed minute, for stacks that a team has already.</summary>
/// <param name="Name">As Prometheus spells it: base units, <c>retrainloop_</c> in front.</param>
/// <param name="Unit">As OpenTelemetry spells it (UCUM).</param>
public sealed record LatestFigure(string Name, string Unit, string Help, IReadOnlyList<KeyValuePair<string, string>> Labels, double Value)
{
    /// <summary>Every figure of one region's series over a minute. Pure.</summary>
    public static IEnumerable<LatestFigure> Of(SeriesKey series, SeriesSketch minute)
    {
        List<KeyValuePair<string, string>> labels =
        [
            new("deployment", series.Deployment), new("model", series.Model.Name), new("version", Text(series.Model.Version)),
            new("slot", NameOf(series.Slot)), new("region", series.Region),
        ];
        LatestFigure Figure(string name, string unit, string help, double value, string? label = null, string labelValue = "") =>
            new(name, unit, help, label is null ? labels : [.. labels, new(label, labelValue)], value);

        yield return Figure("retrainloop_requests_per_second", "{request}/s", "Requests per second over the last closed minute.", minute.Requests / 60.0);
        foreach (var kind in Enum.GetValues<RequestOutcome>().Where(kind => kind != RequestOutcome.Ok))
            yield return Figure("retrainloop_request_errors_per_second", "{request}/s", "Failed requests per second over the last closed minute, by kind.",
                minute.Outcomes[(int)kind] / 60.0, "kind", NameOf(kind));
        if (minute.ErrorRate is { } errors)
            yield return Figure("retrainloop_request_error_ratio", "1", "Share of requests that failed over the last closed minute.", errors);
        foreach (var q in new[] { 0.5, 0.95, 0.99 })
            if (minute.LatencyQuantile(q) is { } latency)
                yield return Figure("retrainloop_request_latency_seconds", "s", "Quantiles of latency over the last closed minute, from received body to result.",
                    latency / 1000, "quantile", Text(q));
        if (minute.MeanDetectionsPerRequest is { } each)
            yield return Figure("retrainloop_detections_per_request", "{detection}", "Detections per answered request over the last closed minute.", each);
        foreach (var (name, detected) in minute.Classes)
            yield return Figure("retrainloop_detections_per_minute", "{detection}/min", "Detections in the last closed minute, by class.", detected.Count, "class", name);
        if (minute.MeanConfidence is { } confidence)
            yield return Figure("retrainloop_detection_confidence_mean", "1", "Mean confidence of the detections of the last closed minute.", confidence);
    }

    static string NameOf<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
    static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
