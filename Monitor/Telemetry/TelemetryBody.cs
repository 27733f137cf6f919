using System.IO.Compression;
using System.Text.Json;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>What is known of a batch without its contents. Seconds are Unix seconds, both 0 when the batch has none.</summary>
public sealed record BatchHeader(string Replica, Guid BootId, long Sequence, DateTimeOffset SentAt, DateTimeOffset Watermark, long FirstSecond, long LastSecond, bool IsEmpty);

/// <summary>Takes one second of one series of a batch. The bytes are valid only during the call.</summary>
delegate void SecondVisitor(SeriesKey series, long second, EncodedSketch sketch);

/// <summary>Walks through encoded batches without building the records.</summary>
static class TelemetryBody
{
    const byte GzipMagic = 0x1f; // what an earlier build left waiting: gzipped JSON

    /// <summary>The header; its seconds are found by walking through all of them.</summary>
    /// <exception cref="InvalidDataException">The body is damaged, or of another version.</exception>
    public static BatchHeader Header(ReadOnlySpan<byte> body)
    {
        var reader = new ByteReader(body);
        var header = Start(ref reader);
        Series(ref reader);
        long first = long.MaxValue, last = long.MinValue;
        while (!reader.AtEnd)
        {
            reader.Varint();
            var second = reader.Varint();
            (first, last) = (Math.Min(first, second), Math.Max(last, second));
            for (var block = 0; block < TelemetryBatchCodec.Blocks; block++) reader.Block();
        }
        return first > last ? header : header with { FirstSecond = first, LastSecond = last, IsEmpty = false };
    }

    /// <summary>Visits every second of a body.</summary>
    /// <exception cref="InvalidDataException">The body is damaged, or of another version.</exception>
    public static void Visit(byte[] body, SecondVisitor visit)
    {
        var reader = new ByteReader(Current(body));
        Start(ref reader);
        var series = Series(ref reader);
        while (!reader.AtEnd)
        {
            var place = reader.Varint();
            if (place < 0 || place >= series.Length) throw new InvalidDataException("A second names no series of its batch.");
            var second = reader.Varint();
            visit(series[place], second, new EncodedSketch(reader.Block(), reader.Block(), reader.Block(), reader.Block(), reader.Block()));
        }
    }

    static BatchHeader Start(ref ByteReader reader)
    {
        if (reader.Varint() is var version && version != TelemetryBatchCodec.Version) throw new InvalidDataException($"A batch of version {version} cannot be read.");
        return new BatchHeader(reader.Text(), reader.Id(), reader.Varint(), Time(reader.Varint()), Time(reader.Varint()), 0, 0, true);
    }

    static SeriesKey[] Series(ref ByteReader reader)
    {
        var series = new SeriesKey[reader.Count()];
        for (var i = 0; i < series.Length; i++)
            series[i] = new SeriesKey(reader.Text(), new ModelRef(reader.Text(), (int)reader.Varint()), (ModelSlot)reader.Varint(), reader.Text(), reader.Text());
        return series;
    }

    static DateTimeOffset Time(long milliseconds) => Math.Abs(milliseconds) < 200_000_000_000_000
        ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
        : throw new InvalidDataException($"{milliseconds} is no time in Unix milliseconds.");

    static byte[] Current(byte[] body)
    {
        if (body.Length == 0 || body[0] != GzipMagic) return body;
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        return TelemetryBatchCodec.Encode(JsonSerializer.Deserialize<TelemetryBatch>(gzip, ContractJson.Options)!);
    }
}
