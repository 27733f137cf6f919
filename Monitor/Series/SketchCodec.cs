using System.Buffers;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Series;

/// <summary>
/// Sketches as compact bytes, one block per <see cref="SketchParts"/>, in the same layout as a second in <see cref="TelemetryBatchCodec"/>.
/// </summary>
static class SketchCodec
{
    public const int Parts = 5;

    /// <summary>Writes part 0 = counts, 1 = latency, 2 = stages, 3 = distributions, 4 = images; nothing for an empty part.</summary>
    public static void Write(ByteWriter writer, SeriesSketch sketch, int part)
    {
        switch (part)
        {
            case 0: WriteCounts(writer, sketch); break;
            case 1: if (sketch.StageMs.GetValueOrDefault(SeriesSketch.TotalStage) is { Total: > 0 } total) Write(writer, total); break;
            case 2: WriteStages(writer, sketch); break;
            case 3: WriteDistributions(writer, sketch); break;
            default: WriteImages(writer, sketch); break;
        }
    }

    /// <summary>Adds encoded parts to a sketch.</summary>
    /// <exception cref="InvalidDataException">Another version wrote them, or they are damaged.</exception>
    public static void AddTo(SeriesSketch sketch, EncodedSketch encoded)
    {
        var counts = new ByteReader(encoded.Counts);
        var hasBoxSize = TelemetryBatchCodec.HasBoxSize(counts.Varint());
        for (int i = 0, outcomes = counts.Count(); i < outcomes; i++) sketch.Outcomes[i] += counts.Varint();
        Read(ref counts, sketch.DetectionsPerRequest);
        var distributions = new ByteReader(encoded.Distributions);
        for (int i = 0, classes = counts.Count(); i < classes; i++)
        {
            var detected = sketch.Class(counts.Block());
            detected.Count += counts.Varint();
            detected.ConfidenceSum += counts.Float();
            detected.ConfidenceSumOfSquares += counts.Float();
            if (distributions.AtEnd) continue;
            Read(ref distributions, detected.Confidence);
            Read(ref distributions, detected.Area);
            Read(ref distributions, detected.Width);
            Read(ref distributions, detected.Height);
            if (hasBoxSize) Read(ref distributions, detected.BoxSize);
        }
        if (encoded.Latency.Length > 0)
        {
            var latency = new ByteReader(encoded.Latency);
            Read(ref latency, sketch.Stage(SeriesSketch.TotalStage));
        }
        for (var stages = new ByteReader(encoded.Stages); !stages.AtEnd;) Read(ref stages, sketch.Stage(stages.Block()));
        if (encoded.Images.Length == 0) return;
        var images = new ByteReader(encoded.Images);
        Read(ref images, sketch.Brightness);
        Read(ref images, sketch.Sharpness);
    }

    static void WriteCounts(ByteWriter writer, SeriesSketch sketch)
    {
        writer.Varint(TelemetryBatchCodec.SketchVersion);
        writer.Varint(sketch.Outcomes.Length);
        foreach (var count in sketch.Outcomes) writer.Varint(count);
        Write(writer, sketch.DetectionsPerRequest);
        writer.Varint(sketch.Classes.Count);
        foreach (var (name, detected) in sketch.Classes)
        {
            writer.Text(name);
            writer.Varint(detected.Count);
            writer.Float(detected.ConfidenceSum);
            writer.Float(detected.ConfidenceSumOfSquares);
        }
    }

    static void WriteStages(ByteWriter writer, SeriesSketch sketch)
    {
        foreach (var (stage, latency) in sketch.StageMs)
        {
            if (stage == SeriesSketch.TotalStage) continue;
            writer.Text(stage);
            Write(writer, latency);
        }
    }

    static void WriteDistributions(ByteWriter writer, SeriesSketch sketch)
    {
        foreach (var detected in sketch.Classes.Values)
        {
            Write(writer, detected.Confidence);
            Write(writer, detected.Area);
            Write(writer, detected.Width);
            Write(writer, detected.Height);
            Write(writer, detected.BoxSize);
        }
    }

    static void WriteImages(ByteWriter writer, SeriesSketch sketch)
    {
        if (sketch.Brightness.Total + sketch.Sharpness.Total == 0) return;
        Write(writer, sketch.Brightness);
        Write(writer, sketch.Sharpness);
    }

    static void Write(ByteWriter writer, Histogram histogram) => writer.Histogram(histogram.Bins, histogram.Counts);

    static void Read(ref ByteReader reader, Histogram histogram)
    {
        var count = reader.Count();
        var (bins, counts) = (ArrayPool<int>.Shared.Rent(count), ArrayPool<long>.Shared.Rent(count));
        for (int i = 0, bin = 0; i < count; i++)
        {
            bins[i] = bin += (int)reader.Varint();
            counts[i] = reader.Varint();
        }
        histogram.Add(bins.AsSpan(0, count), counts.AsSpan(0, count));
        ArrayPool<int>.Shared.Return(bins);
        ArrayPool<long>.Shared.Return(counts);
    }
}
