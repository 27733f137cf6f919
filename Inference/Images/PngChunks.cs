using System.Buffers.Binary;

namespace RetrainLoop.Inference.Images;

/// <summary>PNG chunks (W3C PNG, third edition).</summary>
static class PngChunks
{
    const int Signature = 8, Frame = 12; // length, type and checksum around the data

    /// <summary>The orientation of the EXIF chunk, in [1, 8]; 1 without one. The decoder does not look at it.</summary>
    public static int OrientationOf(ReadOnlySpan<byte> file)
    {
        for (var at = Signature; at + Frame <= file.Length;)
        {
            var end = at + Frame + (long)BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (end > file.Length) break;
            if (file.Slice(at + 4, 4).SequenceEqual("eXIf"u8)) return ExifOrientation.Of(file[(at + 8)..((int)end - 4)]);
            at = (int)end;
        }
        return 1;
    }

    /// <summary>The image without texts, EXIF and time; null when the chunks cannot be followed.</summary>
    public static byte[]? Strip(ReadOnlySpan<byte> file)
    {
        using var kept = new MemoryStream(file.Length);
        kept.Write(file[..Signature]);
        for (var at = Signature; at + Frame <= file.Length;)
        {
            var end = at + Frame + (long)BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (end > file.Length) return null;
            var chunk = file[at..(int)end];
            var type = chunk.Slice(4, 4);
            if (!(type.SequenceEqual("tEXt"u8) || type.SequenceEqual("zTXt"u8) || type.SequenceEqual("iTXt"u8) || type.SequenceEqual("eXIf"u8)
                || type.SequenceEqual("tIME"u8)))
                kept.Write(chunk);
            if (type.SequenceEqual("IEND"u8)) return kept.ToArray();
            at = (int)end;
        }
        return null;
    }
}
