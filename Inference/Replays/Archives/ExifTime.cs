using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace RetrainLoop.Inference.Replays.Archives;

/// <summary>
/// When a JPEG was taken by its own account: EXIF 2.32, DateTimeOriginal with OffsetTimeOriginal where there is one. Anything that cannot be
/// followed says nothing.
/// </summary>
static class ExifTime
{
    /// <summary>As much of a file's start as can hold it: EXIF stands in the first segment, which has at most 64 KB.</summary>
    public const int Reach = 128 * 1024;

    const byte StartOfImage = 0xd8, StartOfScan = 0xda, App1 = 0xe1;
    const ushort ExifPointer = 0x8769, DateTimeOriginal = 0x9003, OffsetTimeOriginal = 0x9011, Ascii = 2;

    /// <param name="start">The file's first bytes, up to <see cref="Reach"/>.</param>
    /// <param name="zone">Of a time without an offset.</param>
    public static (DateTimeOffset? At, string? Problem) Of(ReadOnlySpan<byte> start, TimeZoneInfo zone)
    {
        var tiff = Tiff(start);
        if (tiff.Length < 8 || !(tiff[..2].SequenceEqual("II"u8) || tiff[..2].SequenceEqual("MM"u8))) return (null, null);
        var directory = new TiffDirectory(tiff[0] == (byte)'I');
        if (directory.Find(tiff, directory.UInt32(tiff, 4), ExifPointer) is not { } pointer) return (null, null);
        var exif = directory.UInt32(tiff, pointer + 8);
        if (directory.Text(tiff, exif, DateTimeOriginal) is not { } text
            || !DateTime.TryParseExact(text.Trim(), "yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return (null, null);
        return directory.Text(tiff, exif, OffsetTimeOriginal) is { } offset
            && DateTimeOffset.TryParseExact($"{local:yyyy-MM-ddTHH:mm:ss}{offset.Trim()}", "yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture,
                DateTimeStyles.None, out var exact) ? (exact.ToUniversalTime(), null) : FrameTimes.InZone(local, zone);
    }

    /// <summary>The TIFF structure in the APP1 segment; empty when there is none.</summary>
    static ReadOnlySpan<byte> Tiff(ReadOnlySpan<byte> file)
    {
        if (file.Length < 4 || file[0] != 0xff || file[1] != StartOfImage) return [];
        for (var at = 2; at + 4 <= file.Length && file[at] == 0xff && file[at + 1] != StartOfScan;)
        {
            var end = at + 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (end > file.Length || end < at + 4) return [];
            var content = file[(at + 4)..end];
            if (file[at + 1] == App1 && content.StartsWith("Exif\0\0"u8)) return content[6..];
            at = end;
        }
        return [];
    }

    /// <summary>Reads a TIFF directory in one byte order; what points outside of the data is not there.</summary>
    readonly ref struct TiffDirectory(bool littleEndian)
    {
        public uint UInt32(ReadOnlySpan<byte> tiff, uint at) => at + 4UL > (ulong)tiff.Length ? uint.MaxValue
            : littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[(int)at..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[(int)at..]);

        ushort UInt16(ReadOnlySpan<byte> tiff, uint at) =>
            littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(tiff[(int)at..]) : BinaryPrimitives.ReadUInt16BigEndian(tiff[(int)at..]);

        /// <summary>Where the entry of a tag is; null when the directory has none.</summary>
        public uint? Find(ReadOnlySpan<byte> tiff, uint directory, ushort tag)
        {
            if (directory + 2UL > (ulong)tiff.Length) return null;
            var entry = directory + 2;
            for (var left = UInt16(tiff, directory); left > 0 && entry + 12UL <= (ulong)tiff.Length; left--, entry += 12)
                if (UInt16(tiff, entry) == tag) return entry;
            return null;
        }

        public string? Text(ReadOnlySpan<byte> tiff, uint directory, ushort tag)
        {
            if (Find(tiff, directory, tag) is not { } entry || UInt16(tiff, entry + 2) != Ascii) return null;
            ulong length = UInt32(tiff, entry + 4), at = length <= 4 ? entry + 8 : UInt32(tiff, entry + 8);
            return length > 64 || at + length > (ulong)tiff.Length ? null : Encoding.ASCII.GetString(tiff.Slice((int)at, (int)length)).TrimEnd('\0');
        }
    }
}
