using System.Buffers.Binary;

namespace RetrainLoop.Inference.Images;

/// <summary>Reads the orientation out of EXIF data: a TIFF structure (TIFF 6.0, section 2) with tag 0x0112 in its first directory.</summary>
static class ExifOrientation
{
    const int EntryLength = 12, Upright = 1;
    const ushort Orientation = 0x0112, Short = 3;

    /// <summary>In [1, 8]; 1 when nothing usable is said.</summary>
    public static int Of(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || tiff is not ([(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..])) return Upright;
        var little = tiff[0] == (byte)'I';
        var directory = Integer(tiff[4..], little);
        if (directory > (uint)tiff.Length - 2) return Upright;
        var entries = tiff[((int)directory + 2)..];
        for (var left = ShortAt(tiff[(int)directory..], little); left > 0 && entries.Length >= EntryLength; left--, entries = entries[EntryLength..])
            if (ShortAt(entries, little) == Orientation && ShortAt(entries[2..], little) == Short)
                return ShortAt(entries[8..], little) is >= 1 and <= 8 and var orientation ? orientation : Upright;
        return Upright;
    }

    static ushort ShortAt(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    static uint Integer(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
