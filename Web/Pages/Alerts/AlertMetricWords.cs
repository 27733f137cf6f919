using System.Globalization;

namespace RetrainLoop.Web.Pages.Alerts;

/// <summary>What rules watch, in words and in the units that people type. Pure.</summary>
static class AlertMetricWords
{
    public static IReadOnlyList<AlertComparison> Comparisons(AlertMetric metric) => metric switch
    {
        AlertMetric.DetectionsPerMinute or AlertMetric.DetectionsPerRequest => [AlertComparison.DropsBy, AlertComparison.Below, AlertComparison.Above],
        AlertMetric.RequestRate => [AlertComparison.Below, AlertComparison.Above, AlertComparison.DropsBy],
        AlertMetric.HoldoutMap => [AlertComparison.DropsBy, AlertComparison.Below, AlertComparison.Above],
        AlertMetric.MeanConfidence => [AlertComparison.ShiftsBy, AlertComparison.Below, AlertComparison.Above],
        AlertMetric.HoldoutTrend => [AlertComparison.Below],
        _ => [AlertComparison.Above, AlertComparison.Below],
    };

    public static string Of(AlertComparison comparison) => comparison switch
    {
        AlertComparison.Above => "is above",
        AlertComparison.Below => "is below",
        AlertComparison.DropsBy => "drops by more than",
        _ => "shifts by more than",
    };

    /// <summary>The unit in which the threshold is typed, and what one of it is in Monitor's unit.</summary>
    public static (string Unit, double Scale) Unit(AlertMetric metric, AlertComparison comparison) => (metric, comparison) switch
    {
        (AlertMetric.HoldoutMap, AlertComparison.DropsBy) => ("points of mAP", 0.01),
        (_, AlertComparison.DropsBy) => ("% of the usual", 0.01),
        (_, AlertComparison.ShiftsBy) => ("sigma", 1),
        (AlertMetric.LatencyP50 or AlertMetric.LatencyP95 or AlertMetric.LatencyP99, _) => ("ms", 1),
        (AlertMetric.ErrorRate, _) => ("% of requests", 0.01),
        (AlertMetric.RequestRate, _) => ("requests/s", 1),
        (AlertMetric.DetectionsPerMinute, _) => ("per minute", 1),
        (AlertMetric.DetectionsPerRequest, _) => ("per request", 1),
        (AlertMetric.MeanConfidence, _) => ("confidence, 0 to 1", 1),
        (AlertMetric.HoldoutMap, _) => ("mAP, 0 to 1", 1),
        (AlertMetric.HoldoutTrend, _) => ("weeks in a row", 1),
        (AlertMetric.DriftConfidence or AlertMetric.DriftBoxSize, _) => ("KS distance, 0 to 1", 1),
        (AlertMetric.NoData or AlertMetric.MissedSchedule, _) => ("minutes", 1),
        _ => ("seconds", 1),
    };

    /// <summary>What an empty threshold stands for; null = one is needed.</summary>
    public static string? EmptyMeans(AlertMetric metric, AlertComparison comparison) => (metric, comparison) switch
    {
        (AlertMetric.HoldoutMap, AlertComparison.DropsBy) => "1 point, unless Monitor is configured otherwise",
        (_, AlertComparison.DropsBy) => "50 %",
        (_, AlertComparison.ShiftsBy) => "2 sigma",
        (AlertMetric.LatencyP50 or AlertMetric.LatencyP95 or AlertMetric.LatencyP99, _) => "the deployment's latency budget",
        (AlertMetric.ErrorRate, _) => "1 %",
        (AlertMetric.HoldoutTrend, _) => "3 weeks",
        (AlertMetric.DriftConfidence or AlertMetric.DriftBoxSize, _) => "the drift decision alone",
        (AlertMetric.NoData or AlertMetric.MissedSchedule, _) => "as soon as it is overdue",
        (AlertMetric.MonitorLag, _) => "120 seconds",
        _ => null,
    };

    /// <summary>The built-in runbook that fits.</summary>
    public static string Runbook(AlertMetric metric) => metric switch
    {
        AlertMetric.LatencyP50 or AlertMetric.LatencyP95 or AlertMetric.LatencyP99 => "latency-p95",
        AlertMetric.ErrorRate => "error-rate",
        AlertMetric.DetectionsPerRequest => "detections-per-request",
        AlertMetric.MeanConfidence => "confidence-shift",
        AlertMetric.HoldoutMap => "holdout-drop",
        AlertMetric.HoldoutTrend => "holdout-trend",
        AlertMetric.DriftConfidence => "drift-confidence",
        AlertMetric.DriftBoxSize => "drift-box-size",
        AlertMetric.NoData or AlertMetric.RequestRate => "no-data",
        AlertMetric.MissedSchedule => "missed-schedule",
        AlertMetric.MonitorLag => "monitor-lag",
        _ => "detection-drop",
    };

    /// <summary>Judged by days, reports or evaluations rather than by minutes.</summary>
    public static bool IsSlow(AlertRuleInfo rule) => IsSlow(rule.Metric, rule.Comparison);

    public static bool IsSlow(AlertMetric metric, AlertComparison comparison) =>
        metric is AlertMetric.HoldoutMap or AlertMetric.HoldoutTrend or AlertMetric.DriftConfidence or AlertMetric.DriftBoxSize
        || metric == AlertMetric.MeanConfidence && comparison == AlertComparison.ShiftsBy;

    /// <summary>How often a slow rule is judged.</summary>
    public static string Cadence(AlertMetric metric) => metric switch
    {
        AlertMetric.MeanConfidence => "once a day, in the deployment's zone",
        AlertMetric.HoldoutMap or AlertMetric.HoldoutTrend => "with each evaluation of the live holdout",
        _ => "with each drift report",
    };

    /// <summary>Measured by region and camera.</summary>
    public static bool IsTraffic(AlertMetric metric) => metric <= AlertMetric.MeanConfidence;

    public static bool HasClasses(AlertMetric metric) => metric is AlertMetric.DetectionsPerMinute or AlertMetric.DetectionsPerRequest or AlertMetric.MeanConfidence;

    /// <summary>Belongs to one deployment, or to the whole stack.</summary>
    public static bool HasDeployment(AlertMetric metric) => metric != AlertMetric.MonitorLag;

    /// <summary>The condition as a sentence, for lists.</summary>
    public static string Sentence(AlertRuleInfo rule) =>
        $"{Condition(rule)}, {(IsSlow(rule) ? Cadence(rule.Metric) : $"for {rule.ForMinutes} min")}";

    static string Condition(AlertRuleInfo rule)
    {
        var (unit, scale) = Unit(rule.Metric, rule.Comparison);
        var number = rule.Threshold is { } value ? $"{(value / scale).ToString("G6", CultureInfo.InvariantCulture)} {unit}" : null;
        return rule.Metric switch
        {
            AlertMetric.DriftConfidence or AlertMetric.DriftBoxSize => $"{AlertMetricNames.Of(rule.Metric)} is decided" + (number is null ? "" : $" and {Of(rule.Comparison)} {number}"),
            AlertMetric.HoldoutTrend => $"{AlertMetricNames.Of(rule.Metric)} falls for {number ?? "3 weeks in a row"}",
            AlertMetric.NoData when number is null => "Telemetry has stopped",
            AlertMetric.MissedSchedule when rule.Threshold is null or 0 => "A scheduled job is overdue",
            _ => $"{AlertMetricNames.Of(rule.Metric)} {Of(rule.Comparison)} {number ?? EmptyMeans(rule.Metric, rule.Comparison) ?? "a number that is missing"}",
        };
    }
}
