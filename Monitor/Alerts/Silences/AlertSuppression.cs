using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Silences;

/// <summary>Which alerts are silenced by a person, and which by a graver alert. Pure.</summary>
static class AlertSuppression
{
    public static List<AlertInfo> Apply(IReadOnlyList<(Alert Alert, AlertRuleInfo Rule)> alerts, IReadOnlyList<Silence> silences, DateTimeOffset now)
    {
        var firing = alerts.Where(each => each.Alert is { Test: false, Replay: false, Status.State: AlertState.Firing }).ToList();
        return [.. alerts.Select(each => each.Alert.ToInfo(each.Rule) with
        {
            SilencedUntil = each.Alert.Test ? null : SilencedUntil(each.Alert, each.Rule, silences, now),
            Inhibited = !each.Alert.Test && firing.Any(other => Inhibits(other.Alert, other.Rule, each.Alert, each.Rule)),
        })];
    }

    /// <summary>The end of the longest silence over it now.</summary>
    static DateTimeOffset? SilencedUntil(Alert alert, AlertRuleInfo rule, IReadOnlyList<Silence> silences, DateTimeOffset now) => silences
        .Where(silence => silence.StartsAt <= now && silence.EndsAt > now && Covers(silence, alert, rule)).Max(silence => (DateTimeOffset?)silence.EndsAt);

    static bool Covers(Silence silence, Alert alert, AlertRuleInfo rule) =>
        (silence.Rule is null || silence.Rule == rule.Id) && (silence.Deployment is null || silence.Deployment == alert.Deployment)
        && (silence.Region is null || silence.Region == rule.Region) && (silence.Camera is null || silence.Camera == rule.Camera)
        && (silence.Class is null || silence.Class == rule.Class);

    /// <summary>Without data nothing else of the deployment is known; a critical alert says all that a milder one on the same thing would.</summary>
    static bool Inhibits(Alert source, AlertRuleInfo sourceRule, Alert target, AlertRuleInfo targetRule)
    {
        if (source.Id == target.Id || source.Deployment != target.Deployment) return false;
        if (sourceRule.Metric == AlertMetric.NoData) return targetRule.Metric != AlertMetric.NoData;
        return sourceRule.Metric == targetRule.Metric && sourceRule.Comparison == targetRule.Comparison && sourceRule.Severity == AlertSeverity.Critical
            && targetRule.Severity != AlertSeverity.Critical
            && (sourceRule.Model, sourceRule.Region, sourceRule.Camera, sourceRule.Class) == (targetRule.Model, targetRule.Region, targetRule.Camera, targetRule.Class);
    }
}
