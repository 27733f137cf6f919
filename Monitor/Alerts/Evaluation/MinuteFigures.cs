using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Alerts;

/// <summary>What alert rules read of one closed minute of a deployment.</summary>
/// <param name="Alive">Whether telemetry covered any part of it: without, zero requests mean nothing.</param>
/// <param name="LatencyP95">ms; null without requests.</param>
public sealed record MinuteFigures(DateTimeOffset Start, bool Alive, long Requests, long Detections, double? LatencyP95)
{
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(Resolutions.Minute);

    public DateTimeOffset End => Start + Length;

    /// <summary>The minutes of [from, to) in order, also those in which nothing happened. Shadow traffic answers nobody and is left out.</summary>
    public static List<MinuteFigures> Of(IEnumerable<SeriesBucket> buckets, TelemetryCoverage coverage, DateTimeOffset from, DateTimeOffset to)
    {
        var sketches = buckets.Where(bucket => bucket.Slot != ModelSlot.Shadow).GroupBy(bucket => bucket.Start)
            .ToDictionary(group => group.Key, group => SeriesSketch.Sum(group.Select(bucket => bucket.Sketch)));
        var minutes = new List<MinuteFigures>();
        for (var start = from; start < to; start += Length)
            minutes.Add(sketches.GetValueOrDefault(start) is { } sketch
                ? new MinuteFigures(start, true, sketch.Requests, sketch.Detections, sketch.LatencyQuantile(0.95))
                : new MinuteFigures(start, coverage.IsAlive(start, start + Length), 0, 0, null));
        return minutes;
    }
}
