using System.Text;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Series;

/// <summary>
/// Everything measured of some series over some time. Sketches merge exactly in any order, so any window, region or camera is a sum.
/// </summary>
public sealed class SeriesSketch
{
    public const string TotalStage = "total";

    /// <summary>Requests by <see cref="RequestOutcome"/>.</summary>
    public long[] Outcomes { get; } = new long[Enum.GetValues<RequestOutcome>().Length];
    public Dictionary<string, Histogram> StageMs { get; } = [];
    public Histogram DetectionsPerRequest { get; } = new();
    public Dictionary<string, ClassSketch> Classes { get; } = [];
    public Histogram Brightness { get; } = new();
    public Histogram Sharpness { get; } = new();

    /// <summary>Of sampled frames only, once they were compared with a baseline: no part of telemetry, and not stored with it.</summary>
    public Histogram EmbeddingDistance { get; } = new();

    public long Requests => Outcomes.Sum();
    public long Succeeded => Outcomes[(int)RequestOutcome.Ok];
    public long Errors => Requests - Succeeded;
    public long Detections => Classes.Values.Sum(detected => detected.Count);

    /// <summary>Share of requests that failed, in [0, 1]; null without requests.</summary>
    public double? ErrorRate => Requests == 0 ? null : (double)Errors / Requests;

    /// <summary>Detections per answered request; null without one.</summary>
    public double? MeanDetectionsPerRequest => Succeeded == 0 ? null : (double)Detections / Succeeded;

    /// <summary>Mean confidence over detections; null without one.</summary>
    public double? MeanConfidence => Detections == 0 ? null : Classes.Values.Sum(detected => detected.ConfidenceSum) / Detections;

    /// <summary>The q-quantile of total latency in ms, q in [0, 1]; null without requests.</summary>
    public double? LatencyQuantile(double q) => StageMs.GetValueOrDefault(TotalStage) is { Total: > 0 } total
        ? total.Quantile(SignalBins.Latency, q)
        : null;

    public void Add(SeriesSecond second)
    {
        foreach (var (outcome, count) in second.Outcomes) Outcomes[(int)outcome] += count;
        foreach (var (stage, latency) in second.StageMs) Stage(stage).Add(latency);
        DetectionsPerRequest.Add(second.DetectionsPerRequest);
        foreach (var detected in second.Classes) Class(detected.Class).Add(detected);
        Brightness.Add(second.Brightness);
        Sharpness.Add(second.Sharpness);
    }

    public void Add(SeriesSketch other)
    {
        for (var i = 0; i < Outcomes.Length; i++) Outcomes[i] += other.Outcomes[i];
        foreach (var (stage, latency) in other.StageMs) Stage(stage).Add(latency);
        DetectionsPerRequest.Add(other.DetectionsPerRequest);
        foreach (var (name, detected) in other.Classes) Class(name).Add(detected);
        Brightness.Add(other.Brightness);
        Sharpness.Add(other.Sharpness);
        EmbeddingDistance.Add(other.EmbeddingDistance);
    }

    public static SeriesSketch Sum(IEnumerable<SeriesSketch> parts)
    {
        var sum = new SeriesSketch();
        foreach (var part in parts) sum.Add(part);
        return sum;
    }

    /// <summary>The q-quantile of a stage in ms, q in [0, 1]; null when it was not timed.</summary>
    public double? StageQuantile(string stage, double q) =>
        StageMs.GetValueOrDefault(stage) is { Total: > 0 } latency ? latency.Quantile(SignalBins.Latency, q) : null;

    internal Histogram Stage(string name) => Named(StageMs, name);
    internal Histogram Stage(ReadOnlySpan<byte> utf8) => Named(StageMs, utf8);
    internal ClassSketch Class(string name) => Named(Classes, name);
    internal ClassSketch Class(ReadOnlySpan<byte> utf8) => Named(Classes, utf8);

    static T Named<T>(Dictionary<string, T> all, ReadOnlySpan<char> name) where T : new()
    {
        var byName = all.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!byName.TryGetValue(name, out var one)) byName[name] = one = new T();
        return one;
    }

    // The few names recur in every sketch: looking them up as characters makes no string.
    static T Named<T>(Dictionary<string, T> all, ReadOnlySpan<byte> utf8) where T : new()
    {
        if (utf8.Length > 256) return Named(all, Encoding.UTF8.GetString(utf8));
        Span<char> name = stackalloc char[utf8.Length];
        return Named(all, name[..Encoding.UTF8.GetChars(utf8, name)]);
    }
}
