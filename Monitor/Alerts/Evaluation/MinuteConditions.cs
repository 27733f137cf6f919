using System.Globalization;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts;

/// <summary>What each metric's rule says about one minute. Pure.</summary>
public static class AlertConditions
{
    /// <summary>The default share of detections that must be lost.</summary>
    public const double DefaultDrop = 0.5;
    static readonly TimeSpan TrailingHour = TimeSpan.FromHours(1);

    /// <param name="before">The minutes before this one, in order; the last hour of them is enough.</param>
    /// <param name="heldReference">The reference of the breach that this minute may continue.</param>
    /// <param name="weekReference">Detections per minute in the same hour of the baseline week; null before there is such a week.</param>
    public static MinuteObservation Observe(
        AlertRuleInfo rule, DeploymentInfo deployment, MinuteFigures minute, IEnumerable<MinuteFigures> before, double? heldReference, double? weekReference)
    {
        if (!minute.Alive) return new(minute.End, Observation.NoData, null, null, null, "No telemetry arrived for this minute: the watermarks stopped.");
        return rule.Metric switch
        {
            AlertMetric.LatencyP95 => Latency(rule.Threshold ?? deployment.LatencyBudgetMs, minute),
            AlertMetric.DetectionDrop => Drop(rule, minute, heldReference ?? weekReference ?? TrailingMean(minute, before, rule.ForMinutes)),
            _ => new(minute.End, Observation.Error, null, null, null, Text($"Nobody taught this Monitor the metric {rule.Metric}.")),
        };
    }

    public static string UnitOf(AlertMetric metric) => metric switch
    {
        AlertMetric.LatencyP95 => "ms",
        AlertMetric.DetectionDrop => "detections/min",
        _ => "",
    };

    static MinuteObservation Latency(double budget, MinuteFigures minute)
    {
        if (minute.LatencyP95 is not { } p95) return new(minute.End, Observation.Fine, null, budget, null, "No request in the minute.");
        return new(minute.End, p95 > budget ? Observation.Breach : Observation.Fine, p95, budget, null,
            Text($"p95 latency {p95:0.#} ms, budget {budget:0.#} ms."));
    }

    static MinuteObservation Drop(AlertRuleInfo rule, MinuteFigures minute, double? reference)
    {
        if (reference is not { } usual) return new(minute.End, Observation.Fine, minute.Detections, null, null, "Too little history to say what is usual.");
        var limit = usual * (1 - (rule.Threshold ?? DefaultDrop));
        return new(minute.End, minute.Detections < limit ? Observation.Breach : Observation.Fine, minute.Detections, limit, usual,
            Text($"{minute.Detections} detections in the minute, usual are {usual:0.#}; under {limit:0.#} is a drop."));
    }

    /// <summary>Mean detections per minute over the live minutes of the hour before; null with too few of them or hardly a detection.</summary>
    static double? TrailingMean(MinuteFigures minute, IEnumerable<MinuteFigures> before, int leastMinutes)
    {
        var hour = before.Where(earlier => earlier.Alive && earlier.Start >= minute.Start - TrailingHour && earlier.Start < minute.Start).ToList();
        if (hour.Count < leastMinutes) return null;
        var mean = hour.Average(earlier => earlier.Detections);
        return mean >= 1 ? mean : null;
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
