using System.Globalization;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Rules;

/// <summary>How metrics are written for a person.</summary>
public static class AlertUnits
{
    public static string Of(AlertMetric metric) => metric switch
    {
        AlertMetric.LatencyP50 or AlertMetric.LatencyP95 or AlertMetric.LatencyP99 => "ms",
        AlertMetric.ErrorRate or AlertMetric.MeanConfidence or AlertMetric.HoldoutMap => "fraction",
        AlertMetric.RequestRate => "requests/s",
        AlertMetric.DetectionsPerMinute => "detections/min",
        AlertMetric.DetectionsPerRequest => "detections/request",
        AlertMetric.HoldoutTrend => "fraction/week",
        AlertMetric.DriftConfidence or AlertMetric.DriftBoxSize => "distance",
        AlertMetric.NoData or AlertMetric.MissedSchedule => "min",
        AlertMetric.MonitorLag => "s",
        _ => "",
    };

    /// <summary>A value with its unit, for example <c>412 ms</c>, <c>2.4 %</c>, <c>12.5/min</c>.</summary>
    public static string Format(AlertMetric metric, double value) => metric switch
    {
        AlertMetric.ErrorRate => Text($"{value * 100:0.##} %"),
        AlertMetric.LatencyP50 or AlertMetric.LatencyP95 or AlertMetric.LatencyP99 => Text($"{value:0.#} ms"),
        AlertMetric.RequestRate => Text($"{value:0.##}/s"),
        AlertMetric.DetectionsPerMinute => Text($"{value:0.#}/min"),
        AlertMetric.DetectionsPerRequest => Text($"{value:0.##}"),
        AlertMetric.HoldoutTrend => Text($"{value * 100:+0.##;-0.##;0} points a week"),
        AlertMetric.NoData or AlertMetric.MissedSchedule => Text($"{value:0.#} min"),
        AlertMetric.MonitorLag => Text($"{value:0} s"),
        _ => Text($"{value:0.000}"),
    };

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
