namespace RetrainLoop.Tests.Monitor;

/// <summary>Telemetry as a replica would send it.</summary>
static class Batches
{
    public static readonly Guid Boot = Guid.Parse("0190a000-0000-7000-8000-000000000001");
    public static readonly ModelRef Model = new("line", 1);

    /// <summary>One second of one camera: so many requests of one latency, each with the same detections.</summary>
    /// <param name="size">Width of every box, and its height unless that is given.</param>
    public static SeriesSecond Second(
        DateTimeOffset at, int requests = 1, double latencyMs = 20, int detectionsEach = 2, double confidence = 0.8, double size = 0.1,
        string camera = "cam-1", ModelRef? model = null, ModelSlot slot = ModelSlot.Champion, double? height = null)
    {
        var detections = requests * detectionsEach;
        SparseHistogram One(int bin, long count) => count == 0 ? SparseHistogram.Empty : new([bin], [count]);
        return new SeriesSecond(at.ToUnixTimeSeconds(), "line", model ?? Model, slot, "berlin", camera,
            new Dictionary<RequestOutcome, long> { [RequestOutcome.Ok] = requests },
            new Dictionary<string, SparseHistogram> { ["total"] = One(SignalBins.Latency.IndexOf(latencyMs), requests) },
            One(detectionsEach, requests),
            detections == 0 ? [] : [new ClassSecond("nut", detections, detections * confidence, detections * confidence * confidence,
                One(SignalBins.Confidence.IndexOf(confidence), detections), One(SignalBins.RelativeSize.IndexOf(size * (height ?? size)), detections),
                One(SignalBins.RelativeSize.IndexOf(size), detections), One(SignalBins.RelativeSize.IndexOf(height ?? size), detections),
                One(SignalBins.BoxSize.CellOf(size, height ?? size), detections))],
            One(SignalBins.Brightness.IndexOf(120), requests), One(SignalBins.Sharpness.IndexOf(50), requests));
    }

    public static TelemetryBatch Batch(long sequence, DateTimeOffset watermark, params IReadOnlyList<SeriesSecond> series) =>
        new("inference-1", Boot, sequence, watermark, watermark, series);

    public static DeploymentInfo Deployment(ModelRef? champion = null) => new(
        "line", champion ?? Model, null, null, 0, false, ["nut"], 200, "Europe/Berlin", 0.25, [], new SamplingPolicy(), null, 1, DateTimeOffset.UnixEpoch);
}
