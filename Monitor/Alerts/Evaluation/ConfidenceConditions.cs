using System.Globalization;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Rules;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>Whether a day's mean confidence is away from the baseline's by more sigma than the rule allows. Pure.</summary>
public static class ConfidenceConditions
{
    /// <param name="model">Whose detections they are.</param>
    public static RuleObservation Observe(AlertRuleInfo rule, DateTimeOffset dayEnd, DetectedFigures day, AlertReference? reference, ModelRef? model = null)
    {
        if (reference is not { Mean: { } mean, Sigma: > 0 and var sigma })
            return new(dayEnd, Observation.NoData, day.MeanConfidence, null, null, "There is no locked baseline of this model with enough hours to say what is usual.", model);
        if (day.MeanConfidence is not { } today) return new(dayEnd, Observation.NoData, null, null, mean, "Nothing was detected on this day.", model);
        var allowed = rule.Threshold ?? AlertThresholds.DefaultShift;
        var shift = (today - mean) / sigma;
        var limit = mean + Math.Sign(shift) * allowed * sigma;
        return new(dayEnd, Math.Abs(shift) > allowed ? Observation.Breach : Observation.Fine, today, limit, mean, string.Create(CultureInfo.InvariantCulture,
            $"Mean confidence of the day {today:0.000}, {shift:+0.0;-0.0} sigma from the baseline's {mean:0.000}; up to {allowed:0.#} sigma ({sigma:0.0000} each) are fine."), model);
    }
}
