using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Series;

/// <summary>
/// Sketches as compact bytes: a version byte, then variable-length integers; histogram bins as differences to the bin before.
/// A busy camera's minute takes a few hundred bytes.
/// </summary>
public static class SketchCodec
{
    const byte Version = 1;

    public static byte[] Encode(SeriesSketch sketch)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer);
        writer.Write(Version);
        writer.Write7BitEncodedInt(sketch.Outcomes.Length);
        foreach (var count in sketch.Outcomes) writer.Write7BitEncodedInt64(count);
        writer.Write7BitEncodedInt(sketch.StageMs.Count);
        foreach (var (stage, latency) in sketch.StageMs)
        {
            writer.Write(stage);
            Write(writer, latency);
        }
        Write(writer, sketch.DetectionsPerRequest);
        writer.Write7BitEncodedInt(sketch.Classes.Count);
        foreach (var (name, detected) in sketch.Classes)
        {
            writer.Write(name);
            writer.Write7BitEncodedInt64(detected.Count);
            writer.Write(detected.ConfidenceSum);
            writer.Write(detected.ConfidenceSumOfSquares);
            foreach (var histogram in Histograms(detected)) Write(writer, histogram);
        }
        Write(writer, sketch.Brightness);
        Write(writer, sketch.Sharpness);
        writer.Flush();
        return buffer.ToArray();
    }

    /// <summary>Adds encoded bytes to a sketch.</summary>
    /// <exception cref="InvalidDataException">Another version wrote them.</exception>
    public static void AddTo(SeriesSketch sketch, byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes, writable: false));
        if (reader.ReadByte() is var version && version != Version) throw new InvalidDataException($"A sketch of version {version} cannot be read.");
        for (int i = 0, outcomes = reader.Read7BitEncodedInt(); i < outcomes; i++) sketch.Outcomes[i] += reader.Read7BitEncodedInt64();
        for (int i = 0, stages = reader.Read7BitEncodedInt(); i < stages; i++) Read(reader, sketch.Stage(reader.ReadString()));
        Read(reader, sketch.DetectionsPerRequest);
        for (int i = 0, classes = reader.Read7BitEncodedInt(); i < classes; i++)
        {
            var detected = sketch.Class(reader.ReadString());
            detected.Count += reader.Read7BitEncodedInt64();
            detected.ConfidenceSum += reader.ReadDouble();
            detected.ConfidenceSumOfSquares += reader.ReadDouble();
            foreach (var histogram in Histograms(detected)) Read(reader, histogram);
        }
        Read(reader, sketch.Brightness);
        Read(reader, sketch.Sharpness);
    }

    static Histogram[] Histograms(ClassSketch detected) => [detected.Confidence, detected.Area, detected.Width, detected.Height];

    static void Write(BinaryWriter writer, Histogram histogram)
    {
        var sparse = histogram.ToSparse();
        writer.Write7BitEncodedInt(sparse.Bins.Count);
        for (int i = 0, previous = 0; i < sparse.Bins.Count; previous = sparse.Bins[i++])
        {
            writer.Write7BitEncodedInt(sparse.Bins[i] - previous);
            writer.Write7BitEncodedInt64(sparse.Counts[i]);
        }
    }

    static void Read(BinaryReader reader, Histogram histogram)
    {
        for (int i = 0, count = reader.Read7BitEncodedInt(), bin = 0; i < count; i++)
        {
            bin += reader.Read7BitEncodedInt();
            histogram.Add(bin, reader.Read7BitEncodedInt64());
        }
    }
}
