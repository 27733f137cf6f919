using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Rules;

/// <summary>The facts by which a rule is judged.</summary>
public enum AlertFacts
{
    /// <summary>Closed minutes of the series.</summary>
    Minutes,
    /// <summary>Whole days of the series, in the deployment's zone.</summary>
    Days,
    DriftReports,
    LiveHoldouts,
    /// <summary>The signs of life of recurring jobs.</summary>
    Schedules,
    /// <summary>Monitor's own progress.</summary>
    Progress,
}

public static class AlertCadence
{
    public static AlertFacts Of(AlertRuleInfo rule) => rule.Metric switch
    {
        AlertMetric.MeanConfidence when rule.Comparison == AlertComparison.ShiftsBy => AlertFacts.Days,
        AlertMetric.DriftConfidence or AlertMetric.DriftBoxSize => AlertFacts.DriftReports,
        AlertMetric.HoldoutMap or AlertMetric.HoldoutTrend => AlertFacts.LiveHoldouts,
        AlertMetric.MissedSchedule => AlertFacts.Schedules,
        AlertMetric.MonitorLag => AlertFacts.Progress,
        _ => AlertFacts.Minutes,
    };

    /// <summary>Breaches in a row that make the rule fire.</summary>
    public static int Needed(AlertRuleInfo rule) => Of(rule) is AlertFacts.Days or AlertFacts.DriftReports or AlertFacts.LiveHoldouts ? 1 : rule.ForMinutes;

    /// <summary>Fine facts in a row that resolve it.</summary>
    public static int CalmNeeded(AlertRuleInfo rule) => Of(rule) is AlertFacts.Days or AlertFacts.DriftReports or AlertFacts.LiveHoldouts ? 1 : rule.KeepFiringMinutes;
}
