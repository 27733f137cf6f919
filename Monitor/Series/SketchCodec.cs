using System.Buffers;

namespace RetrainLoop.Monitor.Series;

/// <summary>
/// Sketches as compact bytes, one block per <see cref="SketchParts"/>: variable-length integers, histogram bins as differences to the bin before.
/// The distributions list the classes in the order of the counts.
/// </summary>
static class SketchCodec
{
    const int Version = 2;
    public const int Parts = 5;

    /// <summary>All parts in one, for tables that keep whole sketches.</summary>
    public static byte[] Encode(SeriesSketch sketch)
    {
        var (writer, block) = (new ByteWriter(), new ByteWriter());
        for (var part = 0; part < Parts; part++)
        {
            block.Clear();
            Write(block, sketch, part);
            writer.Block(block.Written);
        }
        return writer.Written.ToArray();
    }

    /// <summary>Adds what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Another version wrote it, or it is damaged.</exception>
    public static void AddTo(SeriesSketch sketch, byte[] bytes)
    {
        var reader = new ByteReader(bytes);
        AddTo(sketch, new EncodedSketch(reader.Block(), reader.Block(), reader.Block(), reader.Block(), reader.Block()));
    }

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
        if (counts.Varint() is var version && version != Version) throw new InvalidDataException($"A sketch of version {version} cannot be read.");
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
        writer.Varint(Version);
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
        }
    }

    static void WriteImages(ByteWriter writer, SeriesSketch sketch)
    {
        if (sketch.Brightness.Total + sketch.Sharpness.Total == 0) return;
        Write(writer, sketch.Brightness);
        Write(writer, sketch.Sharpness);
    }

    static void Write(ByteWriter writer, Histogram histogram)
    {
        var bins = histogram.Bins;
        var counts = histogram.Counts;
        writer.Varint(bins.Length);
        for (int i = 0, previous = 0; i < bins.Length; previous = bins[i++])
        {
            writer.Varint(bins[i] - previous);
            writer.Varint(counts[i]);
        }
    }

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
