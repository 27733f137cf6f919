using System.Globalization;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>What an evaluation on the live holdout says: the same verdict that the holdout page and diagnoses go by. Pure.</summary>
public static class HoldoutConditions
{
    /// <param name="verdict">On the evaluation's model up to this evaluation, by the rule's own limits where it has some.</param>
    public static RuleObservation Observe(AlertRuleInfo rule, EvaluationInfo evaluation, HoldoutVerdict verdict)
    {
        var value = evaluation.Stats[0];
        if (rule.Metric == AlertMetric.HoldoutTrend) return Trend(evaluation, verdict);
        if (rule.Comparison == AlertComparison.DropsBy) return Drop(evaluation, value, verdict);
        if (rule.Threshold is not { } threshold) return new(evaluation.At, Observation.Error, value, null, null, "The rule says no threshold.", evaluation.Model);
        var breach = rule.Comparison == AlertComparison.Below ? value < threshold : value > threshold;
        return new(evaluation.At, breach ? Observation.Breach : Observation.Fine, value, threshold, null,
            Text($"Live-holdout mAP {value:0.000}, threshold {threshold:0.000}."), evaluation.Model);
    }

    static RuleObservation Drop(EvaluationInfo evaluation, double value, HoldoutVerdict verdict)
    {
        if (verdict.AtLock is not { } before)
            return new(evaluation.At, Observation.NoData, value, null, null, "There is no mAP from the lock of this model's baseline to compare with.", evaluation.Model);
        return new(evaluation.At, verdict.Dropped ? Observation.Breach : Observation.Fine, value, before - verdict.Drop, before,
            Text($"Live-holdout mAP {value:0.000} over {evaluation.Images} frames, {before:0.000} at the baseline. {verdict.Summary}"), evaluation.Model);
    }

    static RuleObservation Trend(EvaluationInfo evaluation, HoldoutVerdict verdict)
    {
        if (verdict.Trend is not { } trend)
            return new(evaluation.At, Observation.NoData, null, null, null, $"A trend takes evaluations of {verdict.Weeks + 1} weeks in a row.", evaluation.Model);
        var certain = trend.ExcludesNoise ? "" : "; the interval does not exclude noise, or there is none";
        return new(evaluation.At, verdict.Downtrend ? Observation.Breach : Observation.Fine, trend.Difference / verdict.Weeks, null, null,
            Text($"Live-holdout mAP changed by {trend.Difference * 100:+0.0;-0.0;0.0} points over {verdict.Weeks} weeks{certain}."), evaluation.Model);
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
