namespace RetrainLoop.Contracts;

/// <summary>Reads back the records that <see cref="TelemetryBatchCodec"/> wrote.</summary>
public static class TelemetryBatchReader
{
    /// <exception cref="InvalidDataException">The bytes are damaged, or of another version.</exception>
    public static TelemetryBatch Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        if (reader.Varint() is var version && version != TelemetryBatchCodec.Version) throw new InvalidDataException($"A batch of version {version} cannot be read.");
        var batch = new TelemetryBatch(reader.Text(), reader.Id(), reader.Varint(), Time(ref reader), Time(ref reader), []);
        var series = new SeriesSecond[reader.Count()];
        for (var i = 0; i < series.Length; i++)
            series[i] = new SeriesSecond(0, reader.Text(), new ModelRef(reader.Text(), (int)reader.Varint()), (ModelSlot)reader.Varint(), reader.Text(), reader.Text(),
                new Dictionary<RequestOutcome, long>(), new Dictionary<string, SparseHistogram>(), null, [], null, null);
        var seconds = new List<SeriesSecond>();
        while (!reader.AtEnd) seconds.Add(Second(ref reader, series));
        return batch with { Series = seconds };
    }

    static SeriesSecond Second(ref ByteReader reader, SeriesSecond[] series)
    {
        var place = reader.Varint();
        if (place < 0 || place >= series.Length) throw new InvalidDataException("A second names no series of the batch.");
        var second = series[place] with { Second = reader.Varint() };
        var counts = new ByteReader(reader.Block());
        var latency = reader.Block();
        var stages = new ByteReader(reader.Block());
        var distributions = new ByteReader(reader.Block());
        var images = reader.Block();

        var hasBoxSize = TelemetryBatchCodec.HasBoxSize(counts.Varint());
        var outcomes = new Dictionary<RequestOutcome, long>();
        for (int i = 0, known = counts.Count(); i < known; i++)
            if (counts.Varint() is var count && count > 0) outcomes[(RequestOutcome)i] = count;
        var detections = Histogram(ref counts);
        var classes = new ClassSecond[counts.Count()];
        for (var i = 0; i < classes.Length; i++)
            classes[i] = new ClassSecond(counts.Text(), counts.Varint(), counts.Float(), counts.Float(), Histogram(ref distributions) ?? SparseHistogram.Empty,
                Histogram(ref distributions) ?? SparseHistogram.Empty, Histogram(ref distributions) ?? SparseHistogram.Empty, Histogram(ref distributions) ?? SparseHistogram.Empty,
                hasBoxSize ? Histogram(ref distributions) : null);
        var stageMs = new Dictionary<string, SparseHistogram>();
        if (latency.Length > 0) stageMs["total"] = Histogram(latency);
        while (!stages.AtEnd) stageMs[stages.Text()] = Histogram(ref stages) ?? SparseHistogram.Empty;
        var statistics = new ByteReader(images);
        return second with
        {
            Outcomes = outcomes, StageMs = stageMs, DetectionsPerRequest = detections, Classes = classes,
            Brightness = images.Length == 0 ? null : Histogram(ref statistics), Sharpness = images.Length == 0 ? null : Histogram(ref statistics),
        };
    }

    static SparseHistogram Histogram(ReadOnlySpan<byte> block)
    {
        var reader = new ByteReader(block);
        return Histogram(ref reader) ?? SparseHistogram.Empty;
    }

    static SparseHistogram? Histogram(ref ByteReader reader)
    {
        var bins = new int[reader.Count()];
        if (bins.Length == 0) return null;
        var counts = new long[bins.Length];
        for (int i = 0, bin = 0; i < bins.Length; i++)
        {
            bins[i] = bin += (int)reader.Varint();
            counts[i] = reader.Varint();
        }
        return new SparseHistogram(bins, counts);
    }

    static DateTimeOffset Time(ref ByteReader reader) => DateTimeOffset.FromUnixTimeMilliseconds(reader.Varint());
}
