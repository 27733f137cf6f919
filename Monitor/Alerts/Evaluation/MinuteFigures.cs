using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Alerts.Evaluation;

/// <summary>What alert rules read of one closed minute (or shorter step) of a part of a deployment's traffic.</summary>
/// <param name="Alive">Whether telemetry covered any part of it: without, zero requests mean nothing.</param>
/// <param name="Detected">The detections that count: of every class, or of the one that the rule names.</param>
/// <param name="Sketch">Null when nothing happened, or when only counts are needed.</param>
public sealed record MinuteFigures(
    DateTimeOffset Start, TimeSpan Length, bool Alive, long Requests, long Succeeded, DetectedFigures Detected, SeriesSketch? Sketch)
{
    public DateTimeOffset End => Start + Length;

    /// <summary>Detections per minute, whatever the length.</summary>
    public double PerMinute => Detected.Count * (60 / Length.TotalSeconds);

    /// <summary>The steps of [from, to) in order, also those in which nothing happened. Shadow traffic answers nobody and is left out.</summary>
    /// <param name="length">A whole number of them lies between the bounds.</param>
    public static List<MinuteFigures> Of(
        IEnumerable<SeriesBucket> buckets, RuleTraffic traffic, TelemetryCoverage coverage, DateTimeOffset from, DateTimeOffset to, TimeSpan length) =>
        Of(buckets.Where(traffic.Holds).GroupBy(bucket => bucket.Start.Floor((int)length.TotalSeconds))
            .ToDictionary(group => group.Key, group => SeriesSketch.Sum(group.Select(bucket => bucket.Sketch))), traffic, coverage, from, to, length);

    /// <param name="sketches">What the traffic was in each step in which there was any.</param>
    public static List<MinuteFigures> Of(
        IReadOnlyDictionary<DateTimeOffset, SeriesSketch> sketches, RuleTraffic traffic, TelemetryCoverage coverage, DateTimeOffset from, DateTimeOffset to,
        TimeSpan length)
    {
        var minutes = new List<MinuteFigures>();
        for (var start = from; start < to; start += length)
            minutes.Add(sketches.GetValueOrDefault(start) is { } sketch
                ? new MinuteFigures(start, length, true, sketch.Requests, sketch.Succeeded, DetectedFigures.Of(sketch, traffic.Class), sketch)
                : new MinuteFigures(start, length, coverage.IsAlive(start, start + length), 0, 0, default, null));
        return minutes;
    }
}

/// <summary>Detections and the sum of their confidences.</summary>
public readonly record struct DetectedFigures(long Count, double ConfidenceSum)
{
    /// <param name="className">Null = every class.</param>
    public static DetectedFigures Of(SeriesSketch sketch, string? className) => className is null
        ? new(sketch.Detections, sketch.Classes.Values.Sum(detected => detected.ConfidenceSum))
        : sketch.Classes.GetValueOrDefault(className) is { } detected ? new(detected.Count, detected.ConfidenceSum) : default;

    public static DetectedFigures operator +(DetectedFigures left, DetectedFigures right) => new(left.Count + right.Count, left.ConfidenceSum + right.ConfidenceSum);

    public double? MeanConfidence => Count == 0 ? null : ConfidenceSum / Count;
}

/// <summary>The part of a deployment's traffic that a rule is about; null members = all.</summary>
public sealed record RuleTraffic(ModelRef? Model, string? Region, string? Camera, string? Class)
{
    public static RuleTraffic Of(AlertRuleInfo rule) => new(rule.Model, rule.Region, rule.Camera, rule.Class);

    /// <summary>Only the rule's model, or, when it names none, this one.</summary>
    public static RuleTraffic OfModel(AlertRuleInfo rule, ModelRef model) => Of(rule) with { Model = rule.Model ?? model };

    public bool Holds(SeriesBucket bucket) => Holds(bucket.Model, bucket.Slot, bucket.Region, bucket.Camera);

    public bool Holds(SeriesKey series) => Holds(series.Model, series.Slot, series.Region, series.Camera);

    bool Holds(ModelRef model, ModelSlot slot, string region, string camera) => slot != ModelSlot.Shadow && (Model is null || model == Model)
        && (Region is null || region == Region) && (Camera is null || camera == Camera);
}
