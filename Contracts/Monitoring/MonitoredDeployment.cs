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

/// <param name="Series">
/// One line per label combination. <c>p</c> names a percentile, <c>kind</c> an outcome, <c>stage</c> a stage, <c>class</c> a class; a split adds
/// <c>version</c>, <c>slot</c>, <c>region</c>, <c>camera</c>, <c>class</c> or <c>kind</c>.
/// </param>
/// <param name="Unit"><c>ms, requests/s, share, detections/request, detections/min</c> or <c>confidence</c>.</param>
/// <param name="Step">Seconds between points; a day's step follows the deployment's zone.</param>
public sealed record MetricsResponse(IReadOnlyList<MetricSeries> Series, string Unit = "", int Step = 0);

/// <summary>One number over a time range, against the range of equal length before it.</summary>
/// <param name="Metric">
/// <c>requestRate, latencyP50, latencyP95, latencyP99, errorRate, detectionsPerRequest, detectionsPerMinute, meanConfidence</c>.
/// </param>
/// <param name="Unit"><c>requests/s, ms, share, detections/request, detections/min, confidence</c>.</param>
/// <param name="Value">Null where nothing was measured.</param>
/// <param name="ChangePercent">100 * (Value - Previous) / Previous; null when either is unknown or the previous is 0.</param>
public sealed record MetricFigure(string Metric, string Unit, double? Value, double? Previous, double? ChangePercent);

/// <summary>What a deployment's charts can be split and filtered by, over a time range; each list in order.</summary>
public sealed record MetricDimensions(
    IReadOnlyList<ModelRef> Models, IReadOnlyList<ModelSlot> Slots, IReadOnlyList<string> Regions, IReadOnlyList<string> Cameras,
    IReadOnlyList<string> Classes);
