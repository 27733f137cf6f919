using System.Globalization;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.Monitor.Evaluations;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>What an evaluation on the live holdout says. Pure.</summary>
public static class HoldoutConditions
{
    /// <summary>From the half width of a 95 % interval to a standard error.</summary>
    const double Z = 1.959964;

    /// <param name="baseline">The locked baseline of the deployment; null before there is one.</param>
    /// <param name="all">Evaluations on the live holdout in any order, this one among them.</param>
    public static RuleObservation Observe(AlertRuleInfo rule, EvaluationInfo evaluation, BaselineInfo? baseline, IReadOnlyList<EvaluationInfo> all)
    {
        var value = evaluation.Stats[0];
        if (rule.Metric == AlertMetric.HoldoutTrend) return Trend(rule, evaluation, all);
        if (rule.Comparison == AlertComparison.DropsBy) return Drop(rule, evaluation, value, baseline?.Model == evaluation.Model ? baseline.MeanAveragePrecision : null);
        if (rule.Threshold is not { } threshold) return new(evaluation.At, Observation.Error, value, null, null, "The rule says no threshold.", evaluation.Model);
        var breach = rule.Comparison == AlertComparison.Below ? value < threshold : value > threshold;
        return new(evaluation.At, breach ? Observation.Breach : Observation.Fine, value, threshold, null,
            Text($"Live-holdout mAP {value:0.000}, threshold {threshold:0.000}."), evaluation.Model);
    }

    static RuleObservation Drop(AlertRuleInfo rule, EvaluationInfo evaluation, double value, double? atLock)
    {
        if (atLock is not { } before)
            return new(evaluation.At, Observation.NoData, value, null, null, "There is no mAP from the lock of this model's baseline to compare with.", evaluation.Model);
        var limit = before - (rule.Threshold ?? AlertThresholds.DefaultHoldoutDrop);
        var breach = value < limit;
        var noise = !breach || evaluation.High is not { } high ? ""
            : high < before ? " The 95 % interval excludes noise." : " The 95 % interval does not exclude noise: more labelled frames would tell.";
        return new(evaluation.At, breach ? Observation.Breach : Observation.Fine, value, limit, before,
            Text($"Live-holdout mAP {value:0.000} against {before:0.000} at the baseline: {(value - before) * 100:+0.0;-0.0} points over {evaluation.Images} frames.") + noise,
            evaluation.Model);
    }

    /// <summary>
    /// Falls in each of so many weeks in a row, and first against last excludes 0 with both intervals combined as independent; without them
    /// it is never certain. The newest evaluation of a week stands for it.
    /// </summary>
    static RuleObservation Trend(AlertRuleInfo rule, EvaluationInfo evaluation, IReadOnlyList<EvaluationInfo> all)
    {
        var weeks = (int)(rule.Threshold ?? AlertThresholds.DefaultTrendWeeks);
        var points = all.Where(other => other.Model == evaluation.Model && other.At <= evaluation.At)
            .GroupBy(other => (int)Math.Round((evaluation.At - other.At).TotalDays / 7)).Where(week => week.Key <= weeks).OrderByDescending(week => week.Key)
            .Select(week => week.MaxBy(other => other.At)!).ToList();
        if (points.Count <= weeks)
            return new(evaluation.At, Observation.NoData, null, null, null, $"A trend takes evaluations of {weeks + 1} weeks in a row; there are {points.Count}.", evaluation.Model);
        var (first, last) = (points[0], points[^1]);
        var slope = (last.Stats[0] - first.Stats[0]) / weeks;
        var falls = points.Zip(points.Skip(1), (before, after) => after.Stats[0] < before.Stats[0]).All(fell => fell);
        var certain = Error(first) is { } firstError && Error(last) is { } lastError
            && first.Stats[0] - last.Stats[0] > Z * Math.Sqrt(firstError * firstError + lastError * lastError);
        return new(evaluation.At, falls && certain ? Observation.Breach : Observation.Fine, slope, null, null,
            Text($"Live-holdout mAP went {string.Join(" -> ", points.Select(point => Text($"{point.Stats[0]:0.000}")))} over {weeks} weeks.")
            + (falls && !certain ? " It falls, but the intervals do not exclude noise, or there are none." : ""), evaluation.Model);
    }

    static double? Error(EvaluationInfo evaluation) => evaluation is { Low: { } low, High: { } high } ? (high - low) / (2 * Z) : null;

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
