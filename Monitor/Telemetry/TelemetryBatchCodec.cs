using System.IO.Compression;
using System.Text.Json;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>Takes one second of one series of a batch.</summary>
delegate void SecondVisitor(SeriesKey series, long second, EncodedSketch sketch);

/// <summary>
/// Batches as they wait for folding: the distinct series, then per second the place of its series and its sketch. Written once, read once or
/// twice, so it is cheap before it is small; folding never builds the contract's records again.
/// </summary>
static class TelemetryBatchCodec
{
    const int Version = 2;
    const byte GzipMagic = 0x1f; // what an earlier build left behind: gzipped JSON

    public static byte[] Encode(TelemetryBatch batch)
    {
        var writer = new ByteWriter();
        var block = new ByteWriter();
        var places = new Dictionary<SeriesKey, int>();
        foreach (var second in batch.Series) places.TryAdd(SeriesKey.Of(second), places.Count);
        writer.Varint(Version);
        writer.Varint(places.Count);
        foreach (var series in places.Keys)
        {
            writer.Text(series.Deployment);
            writer.Text(series.Model.Name);
            writer.Varint(series.Model.Version);
            writer.Varint((int)series.Slot);
            writer.Text(series.Region);
            writer.Text(series.Camera);
        }
        foreach (var second in batch.Series)
        {
            writer.Varint(places[SeriesKey.Of(second)]);
            writer.Varint(second.Second);
            var sketch = new SeriesSketch();
            sketch.Add(second);
            for (var part = 0; part < SketchCodec.Parts; part++)
            {
                block.Clear();
                SketchCodec.Write(block, sketch, part);
                writer.Block(block.Written);
            }
        }
        return writer.Written.ToArray();
    }

    /// <summary>The distinct series of a body.</summary>
    /// <exception cref="InvalidDataException">The body is damaged, or of another version.</exception>
    public static SeriesKey[] Series(byte[] body)
    {
        var reader = new ByteReader(Current(body));
        return Series(ref reader);
    }

    /// <summary>Visits every second of a body.</summary>
    /// <exception cref="InvalidDataException">The body is damaged, or of another version.</exception>
    public static void Visit(byte[] body, SecondVisitor visit)
    {
        var reader = new ByteReader(Current(body));
        var series = Series(ref reader);
        while (!reader.AtEnd)
        {
            var key = series[(int)reader.Varint()];
            var second = reader.Varint();
            visit(key, second, new EncodedSketch(reader.Block(), reader.Block(), reader.Block(), reader.Block(), reader.Block()));
        }
    }

    static SeriesKey[] Series(ref ByteReader reader)
    {
        if (reader.Varint() is var version && version != Version) throw new InvalidDataException($"A batch of version {version} cannot be read.");
        var series = new SeriesKey[reader.Count()];
        for (var i = 0; i < series.Length; i++)
            series[i] = new SeriesKey(reader.Text(), new ModelRef(reader.Text(), (int)reader.Varint()), (ModelSlot)reader.Varint(), reader.Text(), reader.Text());
        return series;
    }

    static byte[] Current(byte[] body)
    {
        if (body.Length == 0 || body[0] != GzipMagic) return body;
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        return Encode(JsonSerializer.Deserialize<TelemetryBatch>(gzip, ContractJson.Options)!);
    }
}
