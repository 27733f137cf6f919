using CsCheck;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Tests.Monitor.Series;

public sealed class SketchCodecTests
{
    /// <summary>What the last build without widths by heights sent of one frame with two nuts of 0.1 by 0.4.</summary>
    const string EarlierBatch = "AwtpbmZlcmVuY2UtMQGQoAAAAHAAgAAAAAAAAAEBAAABBGxpbmUEbGluZQEABmJlcmxpbgVjYW0tMQAAIAIFAQAAAAABAgEBA251dAKamZmZmZn5P3sUrkfhevQ/BAHwAwEAEAGgBgIBiQICAaACAgHDAgIHAXgBAdUBAQ==";

    static readonly Gen<SeriesSecond> Seconds = Gen.Select(Gen.Int[0, 5], Gen.Double[0.1, 5000], Gen.Int[0, 4], Gen.Double[0, 1], Gen.Double[0.001, 1], Gen.Double[0.001, 1])
        .Select((requests, latency, detections, confidence, width, height) =>
            Batches.Second(DateTimeOffset.UnixEpoch, requests, latency, detections, confidence, width, height: height));

    [Fact]
    public void Visit_AnyBatch_AddsUpToTheSumOfItsSecondsInAnyGrouping() => Seconds.Array[0, 8].Sample(seconds =>
    {
        var whole = new SeriesSketch();
        foreach (var second in seconds) whole.Add(second);
        var parts = new SeriesSketch();
        TelemetryBody.Visit(TelemetryBatchCodec.Encode(Batches.Batch(1, DateTimeOffset.UnixEpoch, [.. seconds.Reverse()])),
            (_, _, sketch) => SketchCodec.AddTo(parts, sketch));
        return Same(whole, parts);
    }, iter: 200);

    [Fact]
    public void Write_ThenAddTo_IsTheSameSketch() => Seconds.Array[1, 20].Sample(seconds =>
    {
        var whole = new SeriesSketch();
        foreach (var second in seconds) whole.Add(second);
        var parts = Enumerable.Range(0, SketchCodec.Parts).Select(part =>
        {
            var writer = new ByteWriter();
            SketchCodec.Write(writer, whole, part);
            return writer.Written.ToArray();
        }).ToArray();
        var read = new SeriesSketch();
        SketchCodec.AddTo(read, new EncodedSketch(parts[0], parts[1], parts[2], parts[3], parts[4]));
        return Same(whole, read);
    }, iter: 200);

    [Fact]
    public void AddTo_SecondOfAnEarlierBuild_HoldsEverythingButBoxSizes()
    {
        var body = Convert.FromBase64String(EarlierBatch);
        Assert.Null(TelemetryBodyCheck.Read(body).Refusal);
        var sum = new SeriesSketch();
        TelemetryBody.Visit(body, (_, _, second) => SketchCodec.AddTo(sum, second));
        var today = Batches.Second(DateTimeOffset.UnixEpoch, size: 0.1, height: 0.4);
        Assert.True(Same(sum, SeriesSketch.Sum([Sketch(today with { Classes = [today.Classes[0] with { BoxSize = null }] })])), "All but the grid is what it was.");
        Assert.Null(TelemetryBatchReader.Decode(body).Series[0].Classes[0].BoxSize);

        var packed = PackedSketch.Pack(SeriesSketch.Sum([sum, Sketch(today)])); // one bucket of both builds
        PackedSketch.AddTo(sum = new SeriesSketch(), packed);
        Assert.Equal((4, 4, 2), (sum.Classes["nut"].Count, sum.Classes["nut"].Width.Total, sum.Classes["nut"].BoxSize.Total));
    }

    [Fact]
    public void AddTo_SecondOfALaterBuild_IsRefused()
    {
        var body = Convert.FromBase64String(EarlierBatch);
        body[body.AsSpan().IndexOf<byte>([0, 0, 32, 2]) + 3] = 4; // the first series, at second 0: 32 bytes of counts, which begin with the version
        Assert.Contains("version 4", TelemetryBodyCheck.Read(body).Refusal, StringComparison.Ordinal);
    }

    static SeriesSketch Sketch(SeriesSecond second)
    {
        var sketch = new SeriesSketch();
        sketch.Add(second);
        return sketch;
    }

    [Fact]
    public void Add_AnyHistograms_IsTheBinwiseSumWhateverTheOrder() =>
        Gen.Select(Gen.Int[0, 60], Gen.Long[1, 9]).Array[0, 40].Array[1, 4].Sample(histograms =>
        {
            var (sum, expected) = (new Histogram(), new SortedDictionary<int, long>());
            foreach (var histogram in histograms)
            {
                var one = new Histogram();
                foreach (var (bin, count) in histogram)
                {
                    one.Add(bin, count);
                    expected[bin] = expected.GetValueOrDefault(bin) + count;
                }
                sum.Add(one);
            }
            return sum.ToSparse().Bins.SequenceEqual(expected.Keys) && sum.ToSparse().Counts.SequenceEqual(expected.Values) && sum.Total == expected.Values.Sum();
        }, iter: 500);

    [Fact]
    public void Decode_AnyBatch_IsTheBatchThatWasEncoded() => Seconds.Array[0, 8].Sample(seconds =>
    {
        var batch = Batches.Batch(7, DateTimeOffset.UnixEpoch.AddDays(20_000), seconds);
        var decoded = TelemetryBatchReader.Decode(TelemetryBatchCodec.Encode(batch));
        return decoded with { Series = [] } == batch with { Series = [] } && TelemetryBatchCodec.Encode(decoded).SequenceEqual(TelemetryBatchCodec.Encode(batch))
            && TelemetryBodyCheck.Read(TelemetryBatchCodec.Encode(batch)).Refusal is null;
    }, iter: 200);

    [Fact]
    public void Read_AnyByteChanged_IsTakenOrRefusedButNeverBreaksFolding()
    {
        var body = TelemetryBatchCodec.Encode(Batches.Batch(1, DateTimeOffset.UnixEpoch, Batches.Second(DateTimeOffset.UnixEpoch, 3), Batches.Second(DateTimeOffset.UnixEpoch, 0)));
        Gen.Select(Gen.Int[0, body.Length - 1], Gen.Byte).Array[1, 4].Sample(changes =>
        {
            var damaged = body.ToArray();
            foreach (var (at, value) in changes) damaged[at] = value;
            if (TelemetryBodyCheck.Read(damaged).Refusal is null)
                TelemetryBody.Visit(damaged, (_, _, sketch) => SketchCodec.AddTo(new SeriesSketch(), sketch));
            return true;
        }, iter: 20_000);
    }

    [Fact]
    public void Visit_CutShort_IsRefused()
    {
        var body = TelemetryBatchCodec.Encode(Batches.Batch(1, DateTimeOffset.UnixEpoch, Batches.Second(DateTimeOffset.UnixEpoch, 3)));
        for (var length = body.Length - 1; length > 60; length--)
            Assert.Throws<InvalidDataException>(() => TelemetryBody.Visit(body[..length], (_, _, sketch) => SketchCodec.AddTo(new SeriesSketch(), sketch)));
    }

    static bool Same(SeriesSketch a, SeriesSketch b) => a.Outcomes.SequenceEqual(b.Outcomes) && a.Detections == b.Detections
        && a.LatencyQuantile(0.95) == b.LatencyQuantile(0.95) && Math.Abs((a.MeanConfidence ?? 0) - (b.MeanConfidence ?? 0)) < 1e-12
        && Same(a.DetectionsPerRequest, b.DetectionsPerRequest) && Same(a.Brightness, b.Brightness) && Same(a.Sharpness, b.Sharpness)
        && a.Classes.All(pair => Same(pair.Value, b.Classes[pair.Key]));

    static bool Same(ClassSketch a, ClassSketch b) => Same(a.Area, b.Area) && Same(a.Confidence, b.Confidence) && Same(a.Width, b.Width) && Same(a.Height, b.Height)
        && Same(a.BoxSize, b.BoxSize);

    static bool Same(Histogram a, Histogram b) => a.ToSparse().Bins.SequenceEqual(b.ToSparse().Bins) && a.ToSparse().Counts.SequenceEqual(b.ToSparse().Counts);
}
