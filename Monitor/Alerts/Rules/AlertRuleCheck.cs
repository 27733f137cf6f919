using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Rules;

/// <summary>Whether a rule can be judged at all. Pure.</summary>
public static class AlertRuleCheck
{
    static readonly AlertComparison[] Plain = [AlertComparison.Above, AlertComparison.Below];

    /// <summary>What is wrong with a rule, in a sentence; null when nothing is.</summary>
    public static string? Refusal(AlertRuleInfo rule, IReadOnlyCollection<string> runbooks)
    {
        if (string.IsNullOrWhiteSpace(rule.Name)) return "A rule needs a name.";
        if (rule.ForMinutes is < 1 or > 1440) return "forMinutes is between 1 and 1440.";
        if (rule.KeepFiringMinutes is < 0 or > 1440) return "keepFiringMinutes is between 0 and 1440.";
        if (!Comparisons(rule.Metric).Contains(rule.Comparison))
            return $"{rule.Metric} is compared by {string.Join(" or ", Comparisons(rule.Metric).Select(Camel))}, not by {Camel(rule.Comparison)}.";
        return Numbers(rule) ?? Narrowing(rule)
            ?? (runbooks.Contains(rule.Runbook) ? null : $"There is no runbook '{rule.Runbook}'. There are: {string.Join(", ", runbooks)}.");
    }

    static AlertComparison[] Comparisons(AlertMetric metric) => metric switch
    {
        AlertMetric.DetectionsPerMinute or AlertMetric.DetectionsPerRequest or AlertMetric.RequestRate or AlertMetric.HoldoutMap => [.. Plain, AlertComparison.DropsBy],
        AlertMetric.MeanConfidence => [.. Plain, AlertComparison.ShiftsBy],
        _ => Plain,
    };

    static string? Numbers(AlertRuleInfo rule)
    {
        if (rule.Threshold is { } given && !double.IsFinite(given)) return "The threshold is a number.";
        if (rule is { Comparison: AlertComparison.DropsBy, Threshold: <= 0 or >= 1 })
            return rule.Metric == AlertMetric.HoldoutMap ? "A drop of mAP is a fraction between 0 and 1; 0.01 is one point." : "A drop is a fraction between 0 and 1; 0.5 means half.";
        if (rule is { Comparison: AlertComparison.DropsBy, ResolveThreshold: { } back } && back > (rule.Threshold ?? AlertThresholds.DefaultDrop))
            return "resolveThreshold is a smaller drop than the threshold.";
        if (rule is { Comparison: AlertComparison.ShiftsBy, Threshold: <= 0 }) return "A shift is a positive number of sigma.";
        if (AlertCadence.Of(rule) is not AlertFacts.Minutes and not AlertFacts.LiveHoldouts) return null;
        if (rule.Metric is AlertMetric.LatencyP50 or AlertMetric.LatencyP95 or AlertMetric.LatencyP99 && rule.Threshold <= 0) return "A latency threshold is a positive number of milliseconds.";
        if (rule is { Metric: AlertMetric.ErrorRate, Threshold: < 0 or > 1 }) return "An error rate is a fraction between 0 and 1; 0.01 is one percent.";
        if (rule is { Metric: AlertMetric.HoldoutTrend, Threshold: < 2 or > 26 }) return "The threshold of a trend is a number of weeks between 2 and 26.";
        if (rule.Comparison is AlertComparison.Above && rule.ResolveThreshold > rule.Threshold) return "resolveThreshold is at most the threshold of a rule that fires above it.";
        if (rule.Comparison is AlertComparison.Below && rule.Metric != AlertMetric.HoldoutTrend && rule.ResolveThreshold < rule.Threshold)
            return "resolveThreshold is at least the threshold of a rule that fires below it.";
        return rule.Threshold is null && NeedsThreshold(rule) ? $"{AlertMetricNames.Of(rule.Metric)} needs a threshold, in {AlertUnits.Of(rule.Metric)}." : null;
    }

    static bool NeedsThreshold(AlertRuleInfo rule) => Plain.Contains(rule.Comparison) && rule.Metric
        is AlertMetric.RequestRate or AlertMetric.DetectionsPerMinute or AlertMetric.DetectionsPerRequest or AlertMetric.MeanConfidence or AlertMetric.HoldoutMap;

    static string? Narrowing(AlertRuleInfo rule)
    {
        var facts = AlertCadence.Of(rule);
        var ofTraffic = facts is AlertFacts.Minutes or AlertFacts.Days && rule.Metric != AlertMetric.NoData;
        if (!ofTraffic && (rule.Region ?? rule.Camera ?? rule.Class) is not null) return $"{AlertMetricNames.Of(rule.Metric)} is not measured by region, camera or class.";
        if (rule.Model is not null && !ofTraffic && facts != AlertFacts.LiveHoldouts) return $"{AlertMetricNames.Of(rule.Metric)} is not measured by model.";
        if (rule.Class is not null && rule.Metric is not (AlertMetric.DetectionsPerMinute or AlertMetric.DetectionsPerRequest or AlertMetric.MeanConfidence))
            return "Only detections and confidence are measured by class.";
        if (facts == AlertFacts.Progress && rule.Deployment is not null) return "Monitor's lag concerns every deployment: leave deployment out.";
        return null;
    }

    static string Camel<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
