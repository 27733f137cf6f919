using System.Globalization;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Drift;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>Takes over the drift decision on one signal. Pure.</summary>
public static class DriftConditions
{
    public static RuleObservation Observe(AlertRuleInfo rule, DriftReport report)
    {
        var name = rule.Metric == AlertMetric.DriftBoxSize ? Signals.BoxAreaName : Signals.ConfidenceName;
        if (report.Signals.FirstOrDefault(signal => signal.Signal == name) is not { } drift)
            return new(report.EvaluatedAt, Observation.NoData, null, rule.Threshold, null, $"The drift report does not compare {SignalNames.Of(name)}.", report.Model);
        var kind = drift.Level switch
        {
            DriftLevel.Inconclusive => Observation.NoData,
            DriftLevel.Drift when rule.Threshold is not { } distance || drift.KsStatistic > distance => Observation.Breach,
            _ => Observation.Fine,
        };
        return new(report.EvaluatedAt, kind, drift.KsStatistic, rule.Threshold, null, string.Create(CultureInfo.InvariantCulture,
            $"{drift.Level} on {SignalNames.Of(name)}: KS distance {drift.KsStatistic:0.000}, mean {drift.BaselineMean:0.000} → {drift.CurrentMean:0.000}. {drift.Explanation}"), report.Model);
    }
}
