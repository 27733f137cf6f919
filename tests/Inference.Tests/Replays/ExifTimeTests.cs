using System.Buffers.Binary;
using System.Text;
using CsCheck;
using RetrainLoop.Inference.Replays.Archives;

namespace RetrainLoop.Tests.Inference.Replays;

public sealed class ExifTimeTests
{
    static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData(true, null, 10)]
    [InlineData(false, null, 10)]
    [InlineData(true, "-05:00", 17)]
    [InlineData(false, "+00:00", 12)]
    public void Of_BothByteOrdersAndOffsets_GivesTheInstant(bool littleEndian, string? offset, int hour) =>
        Assert.Equal((new DateTimeOffset(2026, 10, 1, hour, 0, 0, TimeSpan.Zero), null), ExifTime.Of(Jpeg(littleEndian, "2026:10:01 12:00:00", offset), Berlin));

    [Theory]
    [InlineData("0000:00:00 00:00:00")]
    [InlineData("                   ")]
    public void Of_CameraWithoutAClock_SaysNothing(string text) => Assert.Equal((null, null), ExifTime.Of(Jpeg(true, text, null), Berlin));

    [Fact]
    public void Of_AlteredBytes_NeverThrows()
    {
        var file = Jpeg(true, "2026:10:01 12:00:00", "+02:00");
        Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte, Gen.Int[0, file.Length]).Array[1, 6].Sample(changes =>
        {
            var altered = file.ToArray();
            foreach (var (at, value, _) in changes) altered[at] = value;
            ExifTime.Of(altered.AsSpan(0, changes[0].Item3), Berlin);
        }, iter: 20_000);
    }

    /// <summary>A JPEG's start: APP0, then APP1 with a directory that points to the EXIF one.</summary>
    internal static byte[] Jpeg(bool littleEndian, string taken, string? offset)
    {
        var entries = offset is null ? 1 : 2;
        var texts = 26 + 2 + entries * 12 + 4;
        var tiff = new byte[texts + 20 + (offset?.Length + 1 ?? 0)];
        void U16(int at, int value)
        {
            if (littleEndian) BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(at), (ushort)value);
            else BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(at), (ushort)value);
        }
        void U32(int at, int value)
        {
            if (littleEndian) BinaryPrimitives.WriteInt32LittleEndian(tiff.AsSpan(at), value);
            else BinaryPrimitives.WriteInt32BigEndian(tiff.AsSpan(at), value);
        }
        void Entry(int at, int tag, int type, int count, int value)
        {
            U16(at, tag);
            U16(at + 2, type);
            U32(at + 4, count);
            U32(at + 8, value);
        }
        Encoding.ASCII.GetBytes(littleEndian ? "II" : "MM", tiff);
        U16(2, 42);
        U32(4, 8);
        U16(8, 1);
        Entry(10, 0x8769, 4, 1, 26);
        U16(26, entries);
        Entry(28, 0x9003, 2, 20, texts);
        Encoding.ASCII.GetBytes(taken, tiff.AsSpan(texts));
        if (offset is not null)
        {
            Entry(40, 0x9011, 2, offset.Length + 1, texts + 20);
            Encoding.ASCII.GetBytes(offset, tiff.AsSpan(texts + 20));
        }
        var length = tiff.Length + 8;
        return [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xe1, (byte)(length >> 8), (byte)length, .. "Exif\0\0"u8, .. tiff, 0xff, 0xda, 0, 2];
    }
}
