using System.Buffers.Binary;

namespace RetrainLoop.Inference.Images;

/// <summary>JPEG markers (ITU-T T.81, annex B).</summary>
static class JpegSegments
{
    const byte StartOfImage = 0xd8, EndOfImage = 0xd9, StartOfScan = 0xda, App0 = 0xe0, App2 = 0xe2, App14 = 0xee, App15 = 0xef, Comment = 0xfe;

    /// <summary>The image without metadata but with its orientation; null when the segments cannot be followed.</summary>
    /// <param name="orientation">EXIF orientation; 1 = upright, nothing is written.</param>
    public static byte[]? Strip(ReadOnlySpan<byte> file, int orientation)
    {
        using var kept = new MemoryStream(file.Length);
        kept.Write([0xff, StartOfImage]);
        if (orientation is > 1 and <= 8) kept.Write(OrientationBlock(orientation));
        for (var at = 2; at + 4 <= file.Length;)
        {
            if (file[at] != 0xff) return null;
            var marker = file[at + 1];
            if (marker == 0xff)
            {
                at++; // fill byte
                continue;
            }
            if (marker == EndOfImage) break;
            var end = at + 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (end > file.Length) return null;
            if (marker == StartOfScan) end = EndOfScan(file, end);
            if (IsKept(marker, file[(at + 4)..])) kept.Write(file[at..end]);
            at = end;
        }
        kept.Write([0xff, EndOfImage]);
        return kept.ToArray();
    }

    // APP0 is JFIF, APP2 the colour profile unless it points to further pictures, APP14 says how Adobe stored the colours.
    static bool IsKept(byte marker, ReadOnlySpan<byte> content) => marker switch
    {
        App0 or App14 => true,
        App2 => content.StartsWith("ICC_PROFILE\0"u8),
        > App0 and <= App15 or Comment => false,
        _ => true,
    };

    // Within a scan, 0xff is followed by 0 or a restart marker; anything else ends it.
    static int EndOfScan(ReadOnlySpan<byte> file, int at)
    {
        while (at + 1 < file.Length)
        {
            var next = file[at..].IndexOf((byte)0xff);
            if (next < 0 || at + next + 1 >= file.Length) return file.Length;
            at += next;
            if (file[at + 1] is not (0 or (>= 0xd0 and <= 0xd7) or 0xff)) return at;
            at += file[at + 1] == 0xff ? 1 : 2;
        }
        return file.Length;
    }

    // APP1 "Exif" with a big-endian TIFF of one entry: tag 0x0112, type SHORT, count 1.
    static ReadOnlySpan<byte> OrientationBlock(int orientation) =>
        new byte[]
        {
            0xff, 0xe1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0,
            (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
        };
}
