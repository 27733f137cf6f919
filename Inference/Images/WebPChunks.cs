using System.Buffers.Binary;

namespace RetrainLoop.Inference.Images;

/// <summary>WebP chunks (Google's WebP container specification).</summary>
static class WebPChunks
{
    const int Header = 12, ChunkHeader = 8, Flags = Header + ChunkHeader;
    const byte ExifAndXmp = 0x08 | 0x04;

    /// <summary>The image without EXIF and XMP; null when the chunks cannot be followed.</summary>
    public static byte[]? Strip(ReadOnlySpan<byte> file)
    {
        using var kept = new MemoryStream(file.Length);
        kept.Write(file[..Header]);
        var declared = Math.Min(file.Length, ChunkHeader + (long)BinaryPrimitives.ReadUInt32LittleEndian(file[4..]));
        for (long at = Header; at + ChunkHeader <= declared;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(file[(int)(at + 4)..]);
            var end = at + ChunkHeader + length + (length & 1);
            if (end > file.Length) return null;
            var chunk = file[(int)at..(int)end];
            if (!(chunk.StartsWith("EXIF"u8) || chunk.StartsWith("XMP "u8))) kept.Write(chunk);
            at = end;
        }
        var result = kept.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(4), (uint)(result.Length - ChunkHeader));
        if (result.Length > Flags && result.AsSpan(Header).StartsWith("VP8X"u8)) result[Flags] &= unchecked((byte)~ExifAndXmp);
        return result;
    }
}
