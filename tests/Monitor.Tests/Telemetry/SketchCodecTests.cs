using CsCheck;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Tests.Monitor.Telemetry;

public sealed class SketchCodecTests
{
    static readonly Gen<SeriesSecond> Seconds = Gen.Select(Gen.Int[0, 5], Gen.Double[0.1, 5000], Gen.Int[0, 4], Gen.Double[0, 1], Gen.Double[0.001, 1])
        .Select((requests, latency, detections, confidence, size) => Batches.Second(DateTimeOffset.UnixEpoch, requests, latency, detections, confidence, size));

    [Fact]
    public void Encode_AnySeconds_ReadsBackAsTheirSumInAnyGrouping() => Seconds.Array[0, 8].Sample(seconds =>
    {
        var whole = new SeriesSketch();
        foreach (var second in seconds) whole.Add(second);
        var parts = new SeriesSketch();
        foreach (var second in seconds.Reverse())
        {
            var one = new SeriesSketch();
            one.Add(second);
            SketchCodec.AddTo(parts, SketchCodec.Encode(one));
        }
        return (whole.Requests, whole.Detections) == (parts.Requests, parts.Detections)
            && whole.LatencyQuantile(0.95) == parts.LatencyQuantile(0.95)
            && Math.Abs((whole.MeanConfidence ?? 0) - (parts.MeanConfidence ?? 0)) < 1e-12
            && whole.DetectionsPerRequest.ToSparse().Counts.SequenceEqual(parts.DetectionsPerRequest.ToSparse().Counts);
    }, iter: 200);
}
