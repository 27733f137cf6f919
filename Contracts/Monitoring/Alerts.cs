namespace RetrainLoop.Contracts;

public enum AlertState { Normal, Pending, Firing, Resolved, NoData, Error }

public enum AlertSeverity { Info, Warning, Critical }

/// <summary>What a rule watches. Thresholds: LatencyP95 = the deployment's budget in ms; DetectionDrop = fraction in (0, 1).</summary>
public enum AlertMetric { LatencyP95, DetectionDrop }

/// <summary>An alert rule. <paramref name="Deployment"/> null = every deployment.</summary>
/// <param name="Threshold">Null = the metric's own default (latency: the deployment's budget).</param>
/// <param name="ForMinutes">Consecutive closed minutes that must break the threshold.</param>
/// <param name="Runbook">Name of the Markdown page.</param>
public sealed record AlertRuleInfo(
    Guid Id, string Name, string? Deployment, AlertMetric Metric, double? Threshold, int ForMinutes, AlertSeverity Severity, string Runbook, bool Enabled);

/// <summary>One rule on one deployment.</summary>
/// <param name="Value">The newest measured value, in <paramref name="Unit"/>.</param>
public sealed record AlertInfo(
    Guid Id, Guid Rule, string RuleName, string Deployment, AlertState State, AlertSeverity Severity, double? Value, double? Threshold, string Unit,
    string Summary, string Runbook, DateTimeOffset Since, DateTimeOffset? FiredAt, DateTimeOffset? ResolvedAt);
