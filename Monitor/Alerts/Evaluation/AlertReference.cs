using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>What a rule learned from a locked baseline.</summary>
/// <param name="Week">
/// The usual value for each of the 168 hours of the week from Monday 00:00 in the deployment's zone, null where none was measured; null unless the
/// baseline spans a week.
/// </param>
/// <param name="Mean">Mean confidence over the baseline.</param>
/// <param name="Sigma">Standard deviation of the baseline's hourly mean confidences; null with fewer than <see cref="LeastHours"/> of them.</param>
/// <param name="Hours">Hours with a detection.</param>
public sealed record AlertReference(IReadOnlyList<double?>? Week, double? Mean, double? Sigma, int Hours)
{
    public const int LeastHours = 12;
    static readonly TimeSpan OneWeek = TimeSpan.FromDays(7);

    /// <param name="minutes">Every minute of the baseline, of the traffic that the rule is about.</param>
    public static AlertReference Of(AlertMetric metric, IReadOnlyList<MinuteFigures> minutes, TimeZoneInfo zone)
    {
        var alive = minutes.Where(minute => minute.Alive).ToList();
        var spansWeek = minutes.Count > 0 && minutes[^1].End - minutes[0].Start >= OneWeek;
        var hourly = alive.GroupBy(minute => minute.Start.Floor(3600))
            .Select(hour => hour.Aggregate(default(DetectedFigures), (sum, minute) => sum + minute.Detected).MeanConfidence)
            .OfType<double>().ToList();
        var total = alive.Aggregate(default(DetectedFigures), (sum, minute) => sum + minute.Detected);
        return new AlertReference(spansWeek ? WeekOf(metric, alive, zone) : null, total.MeanConfidence, Deviation(hourly), hourly.Count);
    }

    static double?[] WeekOf(AlertMetric metric, IEnumerable<MinuteFigures> alive, TimeZoneInfo zone)
    {
        var week = new double?[HourOfWeek.Count];
        foreach (var hour in alive.GroupBy(minute => HourOfWeek.Of(minute.Start, zone)))
            week[hour.Key] = Usual(metric, [.. hour]);
        return week;
    }

    static double? Usual(AlertMetric metric, List<MinuteFigures> minutes) => metric switch
    {
        AlertMetric.DetectionsPerMinute => minutes.Average(minute => minute.PerMinute),
        AlertMetric.RequestRate => minutes.Average(minute => minute.Requests / minute.Length.TotalSeconds),
        AlertMetric.DetectionsPerRequest when minutes.Sum(minute => minute.Succeeded) is > 0 and var answered =>
            (double)minutes.Sum(minute => minute.Detected.Count) / answered,
        _ => null,
    };

    static double? Deviation(List<double> means)
    {
        if (means.Count < LeastHours) return null;
        var mean = means.Average();
        return Math.Sqrt(means.Sum(value => (value - mean) * (value - mean)) / (means.Count - 1));
    }
}
