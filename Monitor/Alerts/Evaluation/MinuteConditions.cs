using System.Globalization;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>What a rule says about one closed minute. Pure.</summary>
public static class MinuteConditions
{
    static readonly TimeSpan TrailingHour = TimeSpan.FromHours(1);

    /// <summary>Fewer expected detections in a minute than this say nothing about a drop.</summary>
    const double LeastExpected = 1;

    /// <param name="before">The minutes before this one, in order; the last hour of them is enough.</param>
    /// <param name="status">Where the rule stands: a firing one is held to its resolve threshold and, where the trailing hour is the reference, to the one that it fired by.</param>
    /// <param name="weekReference">The usual value in the same hour of the baseline week; null before there is such a week.</param>
    public static RuleObservation Observe(
        AlertRuleInfo rule, DeploymentInfo deployment, MinuteFigures minute, IEnumerable<MinuteFigures> before, AlertStatus status, double? weekReference)
    {
        if (rule.Metric == AlertMetric.NoData) return Silence(minute);
        if (!minute.Alive) return new(minute.End, Observation.NoData, null, null, null, "No telemetry arrived for this minute: the watermarks stopped.");
        return rule.Comparison == AlertComparison.DropsBy
            ? Drop(rule, minute, weekReference ?? status.Reference ?? Trailing(rule, minute, before), status.IsOpen)
            : Compare(rule, deployment, minute, status.IsOpen);
    }

    /// <summary>The metric of one minute in the metric's unit; null when there was nothing to measure it on.</summary>
    public static double? Measure(AlertMetric metric, MinuteFigures minute) => metric switch
    {
        AlertMetric.LatencyP50 => minute.Sketch?.LatencyQuantile(0.5),
        AlertMetric.LatencyP95 => minute.Sketch?.LatencyQuantile(0.95),
        AlertMetric.LatencyP99 => minute.Sketch?.LatencyQuantile(0.99),
        AlertMetric.ErrorRate => minute.Sketch?.ErrorRate,
        AlertMetric.RequestRate => minute.Alive ? minute.Requests / minute.Length.TotalSeconds : null,
        AlertMetric.DetectionsPerMinute => minute.Alive ? minute.PerMinute : null,
        AlertMetric.DetectionsPerRequest => minute.Succeeded == 0 ? null : (double)minute.Detected.Count / minute.Succeeded,
        AlertMetric.MeanConfidence => minute.Detected.MeanConfidence,
        AlertMetric.NoData => minute.Alive ? 0 : minute.Length.TotalMinutes,
        _ => null,
    };

    static RuleObservation Silence(MinuteFigures minute) => minute.Alive
        ? new(minute.End, Observation.Fine, 0, null, null, "Telemetry arrives.")
        : new(minute.End, Observation.Breach, null, null, null, "No telemetry arrives: the watermarks of every replica stopped.");

    static RuleObservation Compare(AlertRuleInfo rule, DeploymentInfo deployment, MinuteFigures minute, bool open)
    {
        var limit = AlertThresholds.Of(rule, deployment);
        if (limit is not { } threshold) return new(minute.End, Observation.Error, null, null, null, $"The rule says no threshold for {rule.Metric}.");
        if (Measure(rule.Metric, minute) is not { } value) return new(minute.End, Observation.Fine, null, threshold, null, "No request in the minute.");
        var held = open ? rule.ResolveThreshold ?? threshold : threshold;
        var breach = rule.Comparison == AlertComparison.Below ? value < held : value > held;
        var side = rule.Comparison == AlertComparison.Below ? "at least" : "at most";
        return new(minute.End, breach ? Observation.Breach : Observation.Fine, value, threshold, null,
            $"{AlertMetricNames.Of(rule.Metric)} {AlertUnits.Format(rule.Metric, value)}, {side} {AlertUnits.Format(rule.Metric, threshold)} is fine.");
    }

    static RuleObservation Drop(AlertRuleInfo rule, MinuteFigures minute, double? reference, bool open)
    {
        var value = Measure(rule.Metric, minute);
        if (reference is not { } usual) return new(minute.End, Observation.Fine, value, null, null, "Too little history to say what is usual.");
        if (value is not { } measured) return new(minute.End, Observation.Fine, null, null, usual, "No request in the minute.");
        if (rule.Metric == AlertMetric.DetectionsPerRequest && usual * minute.Succeeded < LeastExpected)
            return new(minute.End, Observation.Fine, value, null, usual, "Too few requests in the minute to miss a detection.");
        if (rule.Metric == AlertMetric.DetectionsPerMinute && usual < LeastExpected)
            return new(minute.End, Observation.Fine, value, null, usual, "Too few detections are usual to miss one.");
        var drop = rule.Threshold ?? AlertThresholds.DefaultDrop;
        var limit = usual * (1 - drop);
        var held = open && rule.ResolveThreshold is { } resolve ? usual * (1 - resolve) : limit;
        return new(minute.End, measured < held ? Observation.Breach : Observation.Fine, measured, limit, usual, string.Create(CultureInfo.InvariantCulture,
            $"{AlertMetricNames.Of(rule.Metric)} {AlertUnits.Format(rule.Metric, measured)}, usual is {AlertUnits.Format(rule.Metric, usual)}; under {AlertUnits.Format(rule.Metric, limit)} is a drop."));
    }

    /// <summary>
    /// What was usual over the live minutes of the hour before, as their median: a burst that is shorter than half of them does not change it. Null with
    /// too few minutes or hardly a detection.
    /// </summary>
    static double? Trailing(AlertRuleInfo rule, MinuteFigures minute, IEnumerable<MinuteFigures> before)
    {
        var hour = before.Where(earlier => earlier.Alive && earlier.Start >= minute.Start - TrailingHour && earlier.Start < minute.Start).ToList();
        if (hour.Count < rule.ForMinutes) return null;
        if (rule.Metric != AlertMetric.RequestRate && hour.Average(earlier => earlier.PerMinute) < LeastExpected) return null;
        var values = hour.Select(earlier => Measure(rule.Metric, earlier)).OfType<double>().Order().ToList();
        return values.Count == 0 ? null : (values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2;
    }
}
