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
    /// <param name="detections">Whether what was detected is added too; many a chart is about requests alone.</param>
    /// <exception cref="InvalidDataException">Another version wrote them, or they are damaged.</exception>
    public static void AddTo(SeriesSketch sketch, EncodedSketch encoded, bool detections = true)
    {
        var counts = new ByteReader(encoded.Counts);
        var hasBoxSize = TelemetryBatchCodec.HasBoxSize(counts.Varint());
        for (int i = 0, outcomes = counts.Count(); i < outcomes; i++) sketch.Outcomes[i] += counts.Varint();
        if (detections) AddDetectionsTo(sketch, ref counts, new ByteReader(encoded.Distributions), hasBoxSize);
        if (encoded.Latency.Length > 0)
        {
            var latency = new ByteReader(encoded.Latency);
            sketch.Stage(SeriesSketch.TotalStage).Add(ref latency);
        }
        for (var stages = new ByteReader(encoded.Stages); !stages.AtEnd;) sketch.Stage(stages.Block()).Add(ref stages);
        if (encoded.Images.Length == 0) return;
        var images = new ByteReader(encoded.Images);
        sketch.Brightness.Add(ref images);
        sketch.Sharpness.Add(ref images);
    }

    static void AddDetectionsTo(SeriesSketch sketch, ref ByteReader counts, ByteReader distributions, bool hasBoxSize)
    {
        sketch.DetectionsPerRequest.Add(ref counts);
        for (int i = 0, classes = counts.Count(); i < classes; i++)
        {
            var detected = sketch.Class(counts.Block());
            detected.Count += counts.Varint();
            detected.ConfidenceSum += counts.Float();
            detected.ConfidenceSumOfSquares += counts.Float();
            if (distributions.AtEnd) continue;
            detected.Confidence.Add(ref distributions);
            detected.Area.Add(ref distributions);
            detected.Width.Add(ref distributions);
            detected.Height.Add(ref distributions);
            if (hasBoxSize) detected.BoxSize.Add(ref distributions);
        }
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
}
