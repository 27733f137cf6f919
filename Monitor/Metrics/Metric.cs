using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Metrics;

/// <summary>What a chart asks for.</summary>
public enum Metric { Latency, Requests, Errors, Detections, DetectionsPerMinute, Confidence, Regions, Stages, Classes }

/// <summary>What each line of a chart stands for.</summary>
public enum MetricSplit { None, Version, Slot, Region, Camera, Class, Kind }

static class MetricTraits
{
    /// <summary>What of the sketches a metric reads.</summary>
    public static SketchParts Parts(this Metric metric) => metric switch
    {
        Metric.Latency => SketchParts.Latency,
        Metric.Stages => SketchParts.Latency | SketchParts.Stages,
        _ => SketchParts.Counts,
    };

    /// <summary>Whether it reads what was detected, or requests alone.</summary>
    public static bool ReadsDetections(this Metric metric) => metric is not (Metric.Latency or Metric.Stages or Metric.Requests or Metric.Errors or Metric.Regions);

    public static string Unit(this Metric metric) => metric switch
    {
        Metric.Latency or Metric.Stages => "ms",
        Metric.Requests => "requests/s",
        Metric.Errors or Metric.Regions => "share",
        Metric.Detections => "detections/request",
        Metric.DetectionsPerMinute or Metric.Classes => "detections/min",
        _ => "confidence",
    };

    /// <summary>Whether it can be told apart by the class of detections.</summary>
    public static bool HasClasses(this Metric metric) =>
        metric is Metric.Detections or Metric.DetectionsPerMinute or Metric.Confidence or Metric.Classes;

    /// <summary>Whether it can be told apart by the outcome of requests.</summary>
    public static bool HasKinds(this Metric metric) => metric is Metric.Requests or Metric.Errors;
}
