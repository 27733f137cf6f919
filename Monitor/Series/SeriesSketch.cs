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
        ? SignalBins.Latency.Quantile(total.ToSparse(), q)
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
    }

    public static SeriesSketch Sum(IEnumerable<SeriesSketch> parts)
    {
        var sum = new SeriesSketch();
        foreach (var part in parts) sum.Add(part);
        return sum;
    }

    internal Histogram Stage(string name)
    {
        if (!StageMs.TryGetValue(name, out var histogram)) StageMs[name] = histogram = new Histogram();
        return histogram;
    }

    internal ClassSketch Class(string name)
    {
        if (!Classes.TryGetValue(name, out var sketch)) Classes[name] = sketch = new ClassSketch();
        return sketch;
    }
}
