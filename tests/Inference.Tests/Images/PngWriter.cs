using System.Buffers.Binary;
using System.IO.Compression;

namespace RetrainLoop.Tests.Inference.Images;

/// <summary>Writes PNG files of every kind, and chunks of one's own.</summary>
static class PngWriter
{
    /// <param name="colorType">0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA.</param>
    /// <param name="sample">Sample of a pixel's channel, in [0, 2^depth).</param>
    /// <param name="before">Chunks before the pixels: palette, transparency, EXIF.</param>
    public static byte[] Write(
        int width, int height, int depth, int colorType, bool interlaced, Func<int, int, int, int> sample, params byte[][] before)
    {
        using var rows = new MemoryStream();
        foreach (var (left, top, stepX, stepY) in interlaced ? Adam7 : [(0, 0, 1, 1)])
            for (var y = top; y < height; y += stepY)
                if (left < width) WriteRow(rows, width, y, left, stepX, depth, colorType, sample);
        return [.. Signature, .. Header(width, height, depth, colorType, interlaced), .. before.SelectMany(chunk => chunk),
            .. Chunk("IDAT", Deflate(rows.ToArray())), .. Chunk("IEND", [])];
    }

    public static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a];

    public static byte[] Header(int width, int height, int depth, int colorType, bool interlaced = false)
    {
        var data = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), height);
        (data[8], data[9], data[12]) = ((byte)depth, (byte)colorType, interlaced ? (byte)1 : (byte)0);
        return Chunk("IHDR", data);
    }

    public static byte[] Chunk(string type, byte[] data)
    {
        byte[] content = [.. type.Select(letter => (byte)letter), .. data];
        var chunk = new byte[content.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        content.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(content.Length + 4), Crc(content));
        return chunk;
    }

    public static byte[] Deflate(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal)) zlib.Write(bytes);
        return packed.ToArray();
    }

    // CRC-32 of ISO 3309, as PNG uses it.
    static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = crc >> 1 ^ ((crc & 1) * 0xedb88320);
        }
        return ~crc;
    }

    static readonly (int, int, int, int)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    static void WriteRow(MemoryStream rows, int width, int y, int left, int step, int depth, int colorType, Func<int, int, int, int> sample)
    {
        var channels = colorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        rows.WriteByte(0); // no filter
        int bits = 0, filled = 0;
        for (var x = left; x < width; x += step)
            for (var channel = 0; channel < channels; channel++)
            {
                var value = sample(x, y, channel);
                if (depth == 16) rows.Write([(byte)(value >> 8), (byte)value]);
                else if (depth == 8) rows.WriteByte((byte)value);
                else
                {
                    bits = bits << depth | value;
                    if ((filled += depth) < 8) continue;
                    rows.WriteByte((byte)bits);
                    (bits, filled) = (0, 0);
                }
            }
        if (filled > 0) rows.WriteByte((byte)(bits << (8 - filled)));
    }
}
