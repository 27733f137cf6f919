using RetrainLoop.Inference.Images;
using SkiaSharp;

namespace RetrainLoop.Tests.Inference.Images;

public sealed unsafe class LocationStripperTests
{
    // EXIF with a GPS directory would hold this; any text in a metadata block stands for it.
    static readonly byte[] Secret = "52.5200 N 13.4050 E"u8.ToArray();

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Strip_Jpeg_LosesMetadataAndKeepsPixelsAndOrientation(byte orientation)
    {
        var plain = Encode(SKEncodedImageFormat.Jpeg);
        byte[] exif = [.. "Exif\0\0MM\0*\0\0\0\u0008\0\u0001"u8, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0, .. Secret];
        byte[] tagged = [0xff, 0xd8, .. Segment(0xe1, exif), .. Segment(0xfe, Secret), .. Segment(0xed, Secret), .. plain[2..], .. Secret];
        Assert.Equal(orientation == 6 ? (32, 48) : (48, 32), SizeOf(tagged));
        AssertStripped(tagged, tagged);
    }

    [Fact]
    public void Strip_Png_LosesTextsAndKeepsPixels()
    {
        var plain = Encode(SKEncodedImageFormat.Png);
        byte[] chunk = [0, 0, 0, (byte)Secret.Length, .. "tEXt"u8, .. Secret, 1, 2, 3, 4];
        byte[] tagged = [.. plain[..33], .. chunk, .. plain[33..], .. Secret];
        AssertStripped(tagged, plain);
    }

    [Fact]
    public void Strip_WebP_LosesExifAndKeepsPixels()
    {
        var plain = Encode(SKEncodedImageFormat.Webp);
        byte[] padded = Secret.Length % 2 == 0 ? Secret : [.. Secret, 0];
        byte[] chunk = [.. "EXIF"u8, (byte)Secret.Length, 0, 0, 0, .. padded];
        byte[] tagged = [.. plain, .. chunk];
        BitConverter.TryWriteBytes(tagged.AsSpan(4), tagged.Length - 8);
        AssertStripped(tagged, plain);
    }

    [Fact]
    public void Strip_GoldenImages_StayReadable()
    {
        using var decoder = new ImageDecoder(new ImageOptions());
        foreach (var path in Directory.GetFiles(GoldenFolder.Shared("images"), "*.*")
            .Where(path => Path.GetFileName(path) is ['o', 'k', '_', ..] or ['e', 'x', 'i', 'f', ..] or ['g', 'i', 'f', ..]
            or ['b', 'm', 'p', '_', 't', ..]))
        {
            var file = File.ReadAllBytes(path);
            var stripped = LocationStripper.Strip(file, decoder);
            Assert.Equal(SizeOf(file), SizeOf(stripped));
        }
    }

    static void AssertStripped(byte[] tagged, byte[] reference)
    {
        using var decoder = new ImageDecoder(new ImageOptions());
        var stripped = LocationStripper.Strip(tagged, decoder);
        Assert.Equal(-1, stripped.AsSpan().IndexOf(Secret));
        Assert.Equal(PixelsOf(reference), PixelsOf(stripped));
    }

    static uint[] PixelsOf(byte[] file)
    {
        using var decoder = new ImageDecoder(new ImageOptions());
        var view = decoder.Decode(file, "test");
        return new Span<uint>(view.Pixels, view.Width * view.Height).ToArray();
    }

    static (int, int) SizeOf(byte[] file)
    {
        using var decoder = new ImageDecoder(new ImageOptions());
        var view = decoder.Decode(file, "test");
        return (view.ImageWidth, view.ImageHeight);
    }

    static byte[] Segment(byte marker, byte[] content) => [0xff, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    static byte[] Encode(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(48, 32);
        bitmap.Erase(SKColors.SteelBlue);
        bitmap.SetPixel(3, 5, SKColors.Red);
        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }
}
