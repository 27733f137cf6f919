using System.Runtime.InteropServices;

namespace RetrainLoop.Contracts;

/// <summary>
/// Telemetry batches as bytes: a fifth of the JSON, and Monitor can add them up without building the records again. The layout:
/// version; replica, boot id, sequence, sent at and watermark (Unix ms); the distinct series; then per second the place of its series, the second,
/// and five blocks with their lengths: counts (outcomes, detections per request, per class its count and sums of confidence), total latency, other
/// stages, distributions per class (confidence, area, width, height, width by height), image statistics. Numbers are those of <see cref="ByteWriter"/>.
/// </summary>
public static class TelemetryBatchCodec
{
    public const string MediaType = "application/vnd.retrainloop.telemetry";
    public const int Version = 3, Blocks = 5;

    /// <summary>Of a second, the first number of its counts. 2 has no width by height; replicas that wait to send, and stored rows, may hold it.</summary>
    public const int SketchVersion = 3, SketchVersionWithoutBoxSize = 2;

    const string TotalStage = "total";

    /// <param name="batch">Histogram bins ascend.</param>
    public static byte[] Encode(TelemetryBatch batch)
    {
        var (writer, block) = (new ByteWriter(), new ByteWriter());
        var places = new Dictionary<(string, ModelRef, ModelSlot, string, string), int>();
        foreach (var second in batch.Series) places.TryAdd(SeriesOf(second), places.Count);
        writer.Varint(Version);
        writer.Text(batch.Replica);
        writer.Id(batch.BootId);
        writer.Varint(batch.Sequence);
        writer.Varint(batch.SentAt.ToUnixTimeMilliseconds());
        writer.Varint(batch.Watermark.ToUnixTimeMilliseconds());
        writer.Varint(places.Count);
        foreach (var (deployment, model, slot, region, camera) in places.Keys)
        {
            writer.Text(deployment);
            writer.Text(model.Name);
            writer.Varint(model.Version);
            writer.Varint((int)slot);
            writer.Text(region);
            writer.Text(camera);
        }
        foreach (var second in batch.Series)
        {
            writer.Varint(places[SeriesOf(second)]);
            writer.Varint(second.Second);
            for (var part = 0; part < Blocks; part++)
            {
                block.Clear();
                Write(block, second, part);
                writer.Block(block.Written);
            }
        }
        return writer.Written.ToArray();
    }

    /// <summary>Whether a second of this version has width by height, after the four other histograms of each class.</summary>
    /// <exception cref="InvalidDataException">The version is not known here.</exception>
    public static bool HasBoxSize(long sketchVersion) => sketchVersion switch
    {
        SketchVersion => true,
        SketchVersionWithoutBoxSize => false,
        _ => throw new InvalidDataException($"A second of version {sketchVersion} cannot be read."),
    };

    static void Write(ByteWriter writer, SeriesSecond second, int part)
    {
        switch (part)
        {
            case 0: WriteCounts(writer, second); break;
            case 1: if (second.StageMs.TryGetValue(TotalStage, out var total)) Write(writer, total); break;
            case 2:
                foreach (var (stage, latency) in second.StageMs)
                {
                    if (stage == TotalStage) continue;
                    writer.Text(stage);
                    Write(writer, latency);
                }
                break;
            case 3:
                foreach (var detected in second.Classes)
                {
                    Write(writer, detected.Confidence);
                    Write(writer, detected.Area);
                    Write(writer, detected.Width);
                    Write(writer, detected.Height);
                    Write(writer, detected.BoxSize);
                }
                break;
            default:
                if ((second.Brightness?.Bins.Count ?? 0) + (second.Sharpness?.Bins.Count ?? 0) == 0) break;
                Write(writer, second.Brightness);
                Write(writer, second.Sharpness);
                break;
        }
    }

    static void WriteCounts(ByteWriter writer, SeriesSecond second)
    {
        writer.Varint(SketchVersion);
        var outcomes = Enum.GetValues<RequestOutcome>();
        writer.Varint(outcomes.Length);
        foreach (var outcome in outcomes) writer.Varint(second.Outcomes.GetValueOrDefault(outcome));
        Write(writer, second.DetectionsPerRequest);
        writer.Varint(second.Classes.Count);
        foreach (var detected in second.Classes)
        {
            writer.Text(detected.Class);
            writer.Varint(detected.Count);
            writer.Float(detected.ConfidenceSum);
            writer.Float(detected.ConfidenceSumOfSquares);
        }
    }

    static void Write(ByteWriter writer, SparseHistogram? histogram)
    {
        if (histogram is null) writer.Varint(0);
        else writer.Histogram(Span(histogram.Bins), Span(histogram.Counts));
    }

    static ReadOnlySpan<T> Span<T>(IReadOnlyList<T> values) => values switch
    {
        List<T> list => CollectionsMarshal.AsSpan(list),
        T[] array => array,
        _ => values.ToArray(),
    };

    static (string, ModelRef, ModelSlot, string, string) SeriesOf(SeriesSecond second) =>
        (second.Deployment, second.Model, second.Slot, second.Region, second.Camera);
}
