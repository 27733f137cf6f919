using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Rules;

/// <summary>The thresholds that rules leave out.</summary>
public static class AlertThresholds
{
    /// <summary>The share of detections that must be lost.</summary>
    public const double DefaultDrop = 0.5;
    /// <summary>Standard deviations of the baseline's hourly means.</summary>
    public const double DefaultShift = 2;
    /// <summary>Seconds.</summary>
    public const double DefaultLag = 120;

    /// <summary>What a minute's value is compared with, in its unit; null when the rule does not say and the metric has no default.</summary>
    public static double? Of(AlertRuleInfo rule, DeploymentInfo deployment) => rule.Threshold ?? rule.Metric switch
    {
        AlertMetric.LatencyP50 or AlertMetric.LatencyP95 or AlertMetric.LatencyP99 => deployment.LatencyBudgetMs,
        AlertMetric.ErrorRate => 0.01,
        _ => null,
    };
}
