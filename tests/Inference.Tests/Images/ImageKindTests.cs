using System.Buffers.Binary;
using RetrainLoop.Inference.Images;
using SkiaSharp;

namespace RetrainLoop.Tests.Inference.Images;

/// <summary>Pictures made here, one of each kind that cameras and programs write.</summary>
public sealed unsafe class ImageKindTests : IDisposable
{
    const int Width = 37, Height = 23;
    readonly ImageDecoder decoder = new(new ImageOptions());

    public void Dispose() => decoder.Dispose();

    public static TheoryData<int, int, bool> PngKinds()
    {
        var kinds = new TheoryData<int, int, bool>();
        foreach (var (colorType, depths) in new[]
        {
            (0, new[] { 1, 2, 4, 8, 16 }), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]),
        })
            foreach (var depth in depths)
                foreach (var interlaced in new[] { false, true }) kinds.Add(colorType, depth, interlaced);
        return kinds;
    }

    [Theory]
    [MemberData(nameof(PngKinds))]
    public void Decode_PngOfEveryKind_HasItsPixels(int colorType, int depth, bool interlaced)
    {
        var most = (1 << depth) - 1;
        int Sample(int x, int y, int channel) => (x * 7 + y * 13 + channel * 31) * (depth == 16 ? 641 : 1) & most;
        // In a palette, index i is (i, 255 - i, i / 2).
        byte[] palette = [.. Enumerable.Range(0, Math.Min(256, most + 1)).SelectMany(i => new[] { (byte)i, (byte)(255 - i), (byte)(i / 2) })];
        var file = PngWriter.Write(Width, Height, depth, colorType, interlaced, Sample, colorType == 3 ? [PngWriter.Chunk("PLTE", palette)] : []);
        var view = decoder.Decode(file, "x.png");
        Assert.Equal((Width, Height), (view.ImageWidth, view.ImageHeight));
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
            {
                int Level(int channel) => (int)Math.Round(Sample(x, y, channel) * 255.0 / most);
                var (red, green, blue) = colorType switch
                {
                    0 or 4 => (Level(0), Level(0), Level(0)),
                    3 => (Sample(x, y, 0), 255 - Sample(x, y, 0), Sample(x, y, 0) / 2),
                    _ => (Level(0), Level(1), Level(2)),
                };
                // Colour under full transparency is not kept by every writer of pixels; elsewhere a level may be rounded either way.
                if (colorType is 4 or 6 && Level(colorType == 4 ? 1 : 3) == 0) continue;
                var pixel = view.Row(y)[x];
                Assert.True(Near(pixel, red) && Near(pixel >> 8, green) && Near(pixel >> 16, blue),
                    $"({x}, {y}) is {pixel & 0xff} {pixel >> 8 & 0xff} {pixel >> 16 & 0xff} instead of {red} {green} {blue}");
            }

        static bool Near(uint pixel, int expected) => Math.Abs((int)(pixel & 0xff) - expected) <= 1;
    }

    public static TheoryData<string, int> Orientations()
    {
        var all = new TheoryData<string, int>();
        foreach (var format in new[] { "jpeg", "png", "webp" })
            for (var orientation = 1; orientation <= 8; orientation++) all.Add(format, orientation);
        return all;
    }

    [Theory]
    [MemberData(nameof(Orientations))]
    public void Decode_ExifOrientation_TurnsThePictureUpright(string format, int orientation)
    {
        var view = decoder.Decode(WithOrientation(format, orientation), "turned");
        var swaps = orientation >= 5;
        Assert.Equal(swaps ? (48, 64) : (64, 48), (view.ImageWidth, view.ImageHeight));
        // Stored: red, green over blue, white. Where each corner of the upright picture was stored, by CIPA DC-008.
        SKColor red = SKColors.Red, green = SKColors.Lime, blue = SKColors.Blue, white = SKColors.White;
        SKColor[] corners = orientation switch
        {
            1 => [red, green, blue, white],
            2 => [green, red, white, blue],
            3 => [white, blue, green, red],
            4 => [blue, white, red, green],
            5 => [red, blue, green, white],
            6 => [blue, red, white, green],
            7 => [white, green, blue, red],
            _ => [green, white, red, blue],
        };
        int right = view.Width * 3 / 4, bottom = view.Height * 3 / 4, left = view.Width / 4, top = view.Height / 4;
        uint[] seen = [view.Row(top)[left], view.Row(top)[right], view.Row(bottom)[left], view.Row(bottom)[right]];
        for (var corner = 0; corner < 4; corner++)
            Assert.True(Math.Abs((int)(seen[corner] & 0xff) - corners[corner].Red) + Math.Abs((int)(seen[corner] >> 8 & 0xff) - corners[corner].Green)
                + Math.Abs((int)(seen[corner] >> 16 & 0xff) - corners[corner].Blue) < 30, $"corner {corner} is {seen[corner]:x8}");
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Decode_CutOffAnywhere_IsRefused(SKEncodedImageFormat format)
    {
        var whole = Noise(format);
        decoder.Decode(whole, "whole");
        for (var percent = 1; percent < 98; percent += 4)
        {
            var refusal = Assert.Throws<BadImageException>(() => decoder.Decode(whole[..(whole.Length * percent / 100)], "cut.jpg", 64, 64));
            Assert.Contains("cut.jpg", refusal.Message);
            Assert.InRange(refusal.Status, 413, 422);
        }
        decoder.Decode(whole, "whole"); // the decoder is none the worse
    }

    [Fact]
    public void Decode_BmpOfEveryDirectionAndGif_HaveTheirSize()
    {
        foreach (var height in new[] { 5, -5 })
        {
            var view = decoder.Decode(Bmp(7, height), "x.bmp");
            Assert.Equal((7, 5), (view.ImageWidth, view.ImageHeight));
            Assert.Equal(0x10u, view.Row(height > 0 ? 4 : 0)[0] & 0xff); // the first stored row is the lowest, or with a negative height the first
        }
        var gif = decoder.Decode(OnePixelGif, "x.gif");
        Assert.Equal((1, 1), (gif.ImageWidth, gif.ImageHeight));
        Assert.Throws<BadImageException>(() => decoder.Decode("GIF89a/*\n*/=1;alert(1)//"u8, "script.gif"));
    }

    [Fact]
    public void Decode_GifWhoseFirstFrameCoversACorner_IsNotRefused()
    {
        byte[] file = [.. OnePixelGif[..19], 0x21, 0xf9, 4, 0, 0, 0, 0, 0, .. OnePixelGif[19..]]; // with an extension before the frame
        foreach (var at in new[] { 6, 8 }) System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), 1000);
        var gif = decoder.Decode(file, "canvas.gif");
        Assert.Equal((1000, 1000), (gif.ImageWidth, gif.ImageHeight));
    }

    [Theory]
    [InlineData(0xc9, "arithmetic")]
    [InlineData(0xc3, "lossless")]
    [InlineData(0xc5, "hierarchical")]
    public void Decode_JpegOfAnUnknownCoding_IsRefusedNamingIt(byte marker, string coding)
    {
        var file = Noise(SKEncodedImageFormat.Jpeg);
        file[file.AsSpan().IndexOf([(byte)0xff, (byte)0xc0]) + 1] = marker;
        var refusal = Assert.Throws<BadImageException>(() => decoder.Decode(file, "odd.jpg"));
        Assert.Contains(coding, refusal.Message);
        Assert.Equal(415, refusal.Status);
    }

    [Fact]
    public void Decode_WholeFileWithSomethingBehindIt_IsAccepted()
    {
        foreach (var format in new[] { SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp })
            Assert.Equal(64, decoder.Decode([.. Noise(format), .. "PK\u0003\u0004 a zip archive"u8], "polyglot").ImageWidth);
    }

    /// <summary>64 x 48 pixels: red, green over blue, white; tagged with an orientation.</summary>
    static byte[] WithOrientation(string format, int orientation)
    {
        using var bitmap = new SKBitmap(64, 48);
        for (var y = 0; y < 48; y++)
            for (var x = 0; x < 64; x++)
                bitmap.SetPixel(x, y, (x < 32, y < 24) switch
                {
                    (true, true) => SKColors.Red, (false, true) => SKColors.Lime, (true, false) => SKColors.Blue, _ => SKColors.White,
                });
        byte[] tiff = [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        using var encoded = bitmap.Encode(format switch
        {
            "jpeg" => SKEncodedImageFormat.Jpeg, "png" => SKEncodedImageFormat.Png, _ => SKEncodedImageFormat.Webp,
        }, 95);
        var file = encoded.ToArray();
        switch (format)
        {
            case "jpeg":
                return [0xff, 0xd8, 0xff, 0xe1, 0, (byte)(8 + tiff.Length), .. "Exif\0\0"u8, .. tiff, .. file[2..]];
            case "png":
                return [.. file[..33], .. PngWriter.Chunk("eXIf", tiff), .. file[33..]];
            default:
                byte[] extended = [.. "VP8X"u8, 10, 0, 0, 0, 0x08, 0, 0, 0, 63, 0, 0, 47, 0, 0]; // EXIF flag, width - 1, height - 1
                byte[] riff = [.. file[..12], .. extended, .. file[12..], .. "EXIF"u8, (byte)tiff.Length, 0, 0, 0, .. tiff];
                BinaryPrimitives.WriteInt32LittleEndian(riff.AsSpan(4), riff.Length - 8);
                return riff;
        }
    }

    static byte[] Noise(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(64, 64);
        var random = new Random(5);
        for (var y = 0; y < 64; y++)
            for (var x = 0; x < 64; x++) bitmap.SetPixel(x, y, new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
        using var encoded = bitmap.Encode(format, 90);
        return encoded.ToArray();
    }

    /// <summary>24 bits per pixel; the first stored row has red 0x10, the others 0.</summary>
    static byte[] Bmp(int width, int height)
    {
        int stride = (width * 3 + 3) / 4 * 4, rows = Math.Abs(height);
        var file = new byte[54 + stride * rows];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        (file[26], file[28]) = (1, 24);
        for (var x = 0; x < width; x++) file[54 + x * 3 + 2] = 0x10;
        return file;
    }

    static readonly byte[] OnePixelGif =
        [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b];
}
