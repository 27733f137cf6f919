namespace RetrainLoop.Contracts;

/// <summary>The newest figures of a deployment, for its cards.</summary>
/// <param name="RequestsPerSecond">Over the last closed minute.</param>
/// <param name="LatencyMs">p50, p95, p99 of the last closed minute by key <c>50, 95, 99</c>; null when there was no request.</param>
/// <param name="ErrorRate">Share in [0, 1] over the last closed minute.</param>
/// <param name="RegionShares">Requests per region over the last 24 hours, shares that sum to 1.</param>
/// <param name="Lag">Seconds between now and the newest watermark; null when nothing was ever received.</param>
public sealed record DeploymentSummary(
    string Deployment, DateTimeOffset At, double RequestsPerSecond, IReadOnlyDictionary<string, double>? LatencyMs, double? ErrorRate,
    double? DetectionsPerRequest, double? DetectionsPerMinute, double? MeanConfidence, IReadOnlyDictionary<string, double> RegionShares,
    BaselineInfo? Baseline, DriftReport? Drift, Diagnosis? Diagnosis, EvaluationInfo? LiveHoldout, int FiringAlerts, double? Lag);

/// <summary>A named line of points; a point is [ISO time, value].</summary>
public sealed record MetricSeries(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<MetricPoint> Points);

/// <summary>Serialised as a two-element array.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(MetricPointConverter))]
public readonly record struct MetricPoint(DateTimeOffset At, double? Value);

public sealed record MetricsResponse(IReadOnlyList<MetricSeries> Series);
