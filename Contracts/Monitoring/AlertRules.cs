namespace RetrainLoop.Contracts;

/// <summary>What a rule watches.</summary>
public enum AlertMetric
{
    /// <summary>ms; threshold null = the deployment's latency budget.</summary>
    LatencyP50, LatencyP95, LatencyP99,
    /// <summary>Share of requests in [0, 1] that got no answer.</summary>
    ErrorRate,
    /// <summary>Requests per second.</summary>
    RequestRate,
    DetectionsPerMinute,
    DetectionsPerRequest,
    /// <summary>[0, 1]. With <see cref="AlertComparison.ShiftsBy"/> it is judged once a day, in the deployment's zone.</summary>
    MeanConfidence,
    /// <summary>mAP on the live holdout, fraction; 0.01 = one point. Judged with each evaluation.</summary>
    HoldoutMap,
    /// <summary>Trend of live-holdout mAP; the threshold is the number of weeks. Judged with each evaluation.</summary>
    HoldoutTrend,
    /// <summary>The drift decision on confidence, judged with each drift report; a threshold demands that Kolmogorov-Smirnov distance, [0, 1], besides.</summary>
    DriftConfidence,
    /// <summary>The drift decision on box area, likewise.</summary>
    DriftBoxSize,
    /// <summary>Minutes without telemetry: the watermarks stopped.</summary>
    NoData,
    /// <summary>Minutes that a scheduled job is overdue.</summary>
    MissedSchedule,
    /// <summary>Seconds that Monitor is behind its own telemetry or with judging alerts.</summary>
    MonitorLag,
}

/// <summary>How a value is compared with the threshold.</summary>
public enum AlertComparison
{
    Above,
    Below,
    /// <summary>
    /// The value is less than usual by more than the threshold. Detections: a fraction in (0, 1) of the same hour in the baseline week, or, before
    /// there is one, of the trailing hour. Live-holdout mAP: an absolute difference to the value at the baseline.
    /// </summary>
    DropsBy,
    /// <summary>The value is away from the baseline's mean, up or down, by more than so many standard deviations of the baseline's hourly means.</summary>
    ShiftsBy,
}

/// <summary>An alert rule. <paramref name="Deployment"/> null = every deployment.</summary>
/// <param name="Threshold">Unit by metric and comparison; null = the metric's own decision.</param>
/// <param name="ForMinutes">Consecutive closed minutes that must break the threshold. Metrics judged by day, evaluation or report do not use it.</param>
/// <param name="Runbook">Name of the Markdown page.</param>
/// <param name="Model">Only traffic of this model version.</param>
/// <param name="Class">Only detections of this class.</param>
/// <param name="KeepFiringMinutes">Fine minutes in a row before a firing alert resolves; 0 and 1 = the first one.</param>
/// <param name="ResolveThreshold">A firing alert counts as fine only on this side of the threshold (hysteresis); null = the threshold itself.</param>
public sealed record AlertRuleInfo(
    Guid Id, string Name, string? Deployment, AlertMetric Metric, AlertComparison Comparison, double? Threshold, int ForMinutes, AlertSeverity Severity,
    string Runbook, bool Enabled, ModelRef? Model = null, string? Region = null, string? Camera = null, string? Class = null,
    int KeepFiringMinutes = 0, double? ResolveThreshold = null);

/// <summary>The body of <c>POST /v1/alert-rules/{id}/test-fire</c>.</summary>
/// <param name="Deployment">Needed when the rule is for every deployment and there are several; default: the first.</param>
public sealed record TestFireRequest(string? Deployment = null);

/// <summary>Asks what a rule, saved or not, would have done.</summary>
/// <param name="From">Default: seven days before <paramref name="To"/>.</param>
/// <param name="To">Default: now.</param>
public sealed record AlertRulePreviewRequest(AlertRuleInfo Rule, string Deployment, DateTimeOffset? From = null, DateTimeOffset? To = null);

/// <param name="Threshold">For drawing a line; null where it moves with the hour or there is none.</param>
/// <param name="Values">The metric over the time, at most a few thousand points.</param>
public sealed record AlertRulePreview(
    int WouldHaveFired, IReadOnlyList<AlertFiring> Firings, IReadOnlyList<MetricPoint> Values, double? Threshold, string Unit);

/// <param name="To">Null while it lasts.</param>
/// <param name="Peak">The worst value.</param>
public sealed record AlertFiring(DateTimeOffset From, DateTimeOffset? To, double? Peak);

/// <summary>Keeps notifications of matching alerts back from <paramref name="StartsAt"/> to <paramref name="EndsAt"/>; absent members match everything.</summary>
public sealed record Silence(
    Guid Id, Guid? Rule, string? Deployment, string? Region, string? Camera, string? Class, DateTimeOffset StartsAt, DateTimeOffset EndsAt,
    string Author, string Comment);

/// <summary>The body of <c>POST /v1/silences</c>; the author is who asks.</summary>
/// <param name="StartsAt">Default: now.</param>
public sealed record SilenceRequest(
    DateTimeOffset EndsAt, string Comment, Guid? Rule = null, string? Deployment = null, string? Region = null, string? Camera = null, string? Class = null,
    DateTimeOffset? StartsAt = null);

/// <summary>A page for the person who is woken.</summary>
/// <param name="Title">Its first heading.</param>
/// <param name="Edited">Whether the built-in page was replaced by an edited copy.</param>
public sealed record RunbookInfo(string Name, string Title, bool Edited, string? EditedBy, DateTimeOffset? EditedAt);
