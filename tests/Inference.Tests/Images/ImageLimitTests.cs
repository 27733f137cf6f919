using System.Buffers.Binary;
using System.Text.Json;
using RetrainLoop.Inference.Images;
using SkiaSharp;

namespace RetrainLoop.Tests.Inference.Images;

/// <summary>What hostile pictures may cost.</summary>
[Collection(nameof(MeasuresMemory))]
public sealed class ImageLimitTests : IDisposable
{
    readonly ImageDecoder decoder = new(new ImageOptions());

    public void Dispose() => decoder.Dispose();

    [Fact]
    public void Decode_GoldenFiles_StayWithinTheirStatedMemoryAndTime()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(GoldenFolder.Shared("images", "manifest.json")));
        var checkedFiles = 0;
        foreach (var entry in manifest.RootElement.GetProperty("files").EnumerateArray())
        {
            var name = entry.GetProperty("file").GetString()!;
            var seconds = entry.TryGetProperty("max_seconds", out var limit) ? limit.GetDouble() : 10; // the manifest's own general rule
            var started = TimeProvider.System.GetTimestamp();
            var megabytes = Measured(File.ReadAllBytes(GoldenFolder.Shared("images", name)));
            Assert.True(TimeProvider.System.GetElapsedTime(started).TotalSeconds < seconds, $"{name} took longer than {seconds} s");
            if (!entry.TryGetProperty("max_memory_mb", out var most) || !PeakMemory.CanBeMeasured) continue;
            Assert.True(megabytes < most.GetDouble(), $"{name} took {megabytes:F0} MB");
            checkedFiles++;
        }
        Assert.True(checkedFiles >= 4 || !PeakMemory.CanBeMeasured, $"only {checkedFiles} files state a limit of memory");
    }

    public static TheoryData<string> Bombs() => ["jpeg", "progressive jpeg", "png", "interlaced png", "gif", "bmp", "webp"];

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Decode_SmallFileThatDeclaresManyPixels_TakesNoMemoryForThem(string kind)
    {
        if (!PeakMemory.CanBeMeasured) Assert.Skip("Peak memory is read from /proc, which this system does not have.");
        foreach (var side in new[] { 7900, 16000, 65000 }) // just below the limit of pixels, and above it
        {
            var megabytes = Measured(Bomb(kind, Math.Min(side, kind == "webp" ? 16383 : side)));
            Assert.True(megabytes < 60, $"{kind} of {side} x {side} pixels took {megabytes:F0} MB");
        }
    }

    [Fact]
    public void Decode_ProgressiveJpegOfThousandsOfScans_IsRefusedBeforeDecoding()
    {
        var file = File.ReadAllBytes(GoldenFolder.Shared("images", "ok_progressive.jpg"));
        var scan = file.AsSpan().LastIndexOf([(byte)0xff, (byte)0xda]);
        byte[] bomb = [.. file[..^2], .. Enumerable.Repeat(file[scan..^2], 5000).SelectMany(bytes => bytes), 0xff, 0xd9];
        Assert.Contains("scans", Assert.Throws<BadImageException>(() => decoder.Decode(bomb, "scans.jpg")).Message);
        decoder.Decode(file, "ok.jpg");
    }

    double Measured(byte[] file)
    {
        if (!PeakMemory.CanBeMeasured)
        {
            Decode();
            return 0;
        }
        return PeakMemory.MegabytesOf(Decode);

        void Decode()
        {
            try
            {
                decoder.Decode(file, "x", 640, 640);
            }
            catch (BadImageException)
            {
                // Refused: what counts here is what it took.
            }
        }
    }

    static byte[] Bomb(string kind, int side)
    {
        switch (kind)
        {
            case "png" or "interlaced png":
                return [.. PngWriter.Signature, .. PngWriter.Header(side, side, 8, 6, kind == "interlaced png"),
                    .. PngWriter.Chunk("IDAT", PngWriter.Deflate(new byte[1000])), .. PngWriter.Chunk("IEND", [])];
            case "gif":
                byte[] gif = [.. "GIF89a"u8, 0, 0, 0, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 0x44, 1, 0, 0x3b];
                foreach (var at in new[] { 6, 8, 24, 26 }) BinaryPrimitives.WriteUInt16LittleEndian(gif.AsSpan(at), (ushort)side);
                return gif;
            case "bmp":
                var bmp = new byte[1000];
                "BM"u8.CopyTo(bmp);
                (bmp[10], bmp[14], bmp[26], bmp[28]) = (54, 40, 1, 24);
                BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), side);
                BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(22), side);
                return bmp;
            case "webp":
                var webp = Encoded(SKEncodedImageFormat.Webp);
                // The frame header of VP8: start code, then 14 bits of width and of height.
                var frame = webp.AsSpan().IndexOf([(byte)0x9d, (byte)0x01, (byte)0x2a]);
                BinaryPrimitives.WriteUInt16LittleEndian(webp.AsSpan(frame + 3), (ushort)side);
                BinaryPrimitives.WriteUInt16LittleEndian(webp.AsSpan(frame + 5), (ushort)side);
                return webp;
            default:
                var jpeg = Encoded(SKEncodedImageFormat.Jpeg);
                var header = jpeg.AsSpan().IndexOf([(byte)0xff, (byte)0xc0]);
                if (kind != "jpeg") jpeg[header + 1] = 0xc2;
                BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(header + 5), (ushort)side);
                BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(header + 7), (ushort)side);
                return jpeg;
        }
    }

    static byte[] Encoded(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(64, 64);
        bitmap.Erase(SKColors.Orange);
        using var encoded = bitmap.Encode(format, 80);
        return encoded.ToArray();
    }
}
