namespace RetrainLoop.Contracts;

/// <summary>What metrics are called, in notifications and on pages alike.</summary>
public static class AlertMetricNames
{
    public static string Of(AlertMetric metric) => metric switch
    {
        AlertMetric.LatencyP50 => "p50 latency",
        AlertMetric.LatencyP95 => "p95 latency",
        AlertMetric.LatencyP99 => "p99 latency",
        AlertMetric.ErrorRate => "Error rate",
        AlertMetric.RequestRate => "Request rate",
        AlertMetric.DetectionsPerMinute => "Detections per minute",
        AlertMetric.DetectionsPerRequest => "Detections per request",
        AlertMetric.MeanConfidence => "Mean confidence",
        AlertMetric.HoldoutMap => "Live-holdout mAP",
        AlertMetric.HoldoutTrend => "Trend of live-holdout mAP",
        AlertMetric.DriftConfidence => "Drift of confidence",
        AlertMetric.DriftBoxSize => "Drift of box size",
        AlertMetric.NoData => "Time without telemetry",
        AlertMetric.MissedSchedule => "Delay of a scheduled job",
        _ => "Lag of Monitor",
    };
}
