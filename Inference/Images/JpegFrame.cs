using System.Buffers.Binary;

namespace RetrainLoop.Inference.Images;

/// <summary>What a JPEG's frame header says (ITU-T T.81, B.2.2).</summary>
/// <param name="Marker">SOF0 to SOF15; 0 when there is none before the first scan.</param>
/// <param name="Precision">Bits per sample.</param>
readonly record struct JpegFrame(byte Marker, int Precision)
{
    const byte StartOfScan = 0xda, Progressive = 0xc2;

    public bool IsProgressive => Marker == Progressive;
    public bool IsHuffmanCoded => Marker is >= 0xc0 and <= 0xc2;

    /// <summary>A noun phrase when the coding is one that decoders do not know, else null.</summary>
    public string? UnknownCoding => Marker switch
    {
        0 or 0xc0 or 0xc1 or 0xc2 => Precision is 0 or 8 ? null : $"{Precision} bits per sample",
        0xc3 or 0xc7 or 0xcb or 0xcf => "lossless coding",
        0xc9 or 0xca => "arithmetic coding",
        _ => "hierarchical coding",
    };

    public static JpegFrame Find(ReadOnlySpan<byte> file)
    {
        for (var at = 2; Next(file, ref at) is { } segment; at = segment.End)
        {
            if (segment.Marker == StartOfScan) break;
            if (segment.Marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc) && at + 4 < file.Length)
                return new JpegFrame(segment.Marker, file[at + 4]);
        }
        return default;
    }

    /// <summary>Scans of the file; counting ends at <paramref name="most"/>.</summary>
    public static int CountScans(ReadOnlySpan<byte> file, int most)
    {
        var scans = 0;
        for (var at = 2; scans < most && Next(file, ref at) is { } segment; at = segment.End)
            if (segment.Marker == StartOfScan) scans++;
        return scans;
    }

    // The next marker segment from a position on; entropy-coded data (0xff followed by 0 or a restart marker) are skipped.
    static (byte Marker, int End)? Next(ReadOnlySpan<byte> file, ref int at)
    {
        while (at + 4 <= file.Length)
        {
            var found = file[at..].IndexOf((byte)0xff);
            if (found < 0) return null;
            at += found;
            if (at + 4 > file.Length) return null;
            var marker = file[at + 1];
            if (marker is 0 or 0x01 or (>= 0xd0 and <= 0xd9)) at += 2;
            else if (marker == 0xff) at++;
            else return (marker, Math.Min(file.Length, at + 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..])));
        }
        return null;
    }
}
