using SkiaSharp;

namespace RetrainLoop.Labeling.Images;

/// <summary>What is known of a picture after one small decode. Width and height are those of the EXIF-oriented picture, pixels.</summary>
/// <param name="Extension">For example <c>.jpg</c>, by the bytes and not by any name.</param>
public sealed record Picture(int Width, int Height, string DifferenceHash, string Extension)
{
    /// <summary>The most pixels that are decoded.</summary>
    public const long MaximumPixels = 64_000_000;

    /// <summary>Reads a picture to its end, so that a truncated one is found.</summary>
    /// <returns>The picture, or the reason why it cannot be used, to follow "This picture …".</returns>
    public static (Picture? Picture, string? Problem) Read(byte[] bytes)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null) return (null, "is not in a format that can be read (JPEG, PNG, WebP, GIF, BMP)");
        var info = codec.Info;
        if ((long)info.Width * info.Height > MaximumPixels) return (null, $"has {info.Width} x {info.Height} pixels; at most {MaximumPixels} are read");
        var size = SmallestDecode(codec);
        using var bitmap = new SKBitmap(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result != SKCodecResult.Success) return (null, result == SKCodecResult.IncompleteInput ? "is truncated" : $"cannot be decoded ({result})");
        var turned = codec.EncodedOrigin >= SKEncodedOrigin.LeftTop;
        var hash = Images.DifferenceHash.Of(Luma(bitmap, out var width, out var height), width, height);
        var (oriented, extension) = (turned ? (info.Height, info.Width) : (info.Width, info.Height), ExtensionOf(codec.EncodedFormat));
        return (new Picture(oriented.Item1, oriented.Item2, hash, extension), null);
    }

    static string ExtensionOf(SKEncodedImageFormat format) => format switch
    {
        SKEncodedImageFormat.Png => ".png",
        SKEncodedImageFormat.Webp => ".webp",
        SKEncodedImageFormat.Gif => ".gif",
        SKEncodedImageFormat.Bmp => ".bmp",
        _ => ".jpg",
    };

    // JPEG decodes at eighths; other formats answer with the full size.
    static SKSizeI SmallestDecode(SKCodec codec)
    {
        for (var eighths = 1; eighths < 8; eighths++)
        {
            var size = codec.GetScaledDimensions(eighths / 8f);
            if (size.Width >= 4 * Images.DifferenceHash.Columns && size.Height >= 3 * Images.DifferenceHash.Rows) return size;
        }
        return new SKSizeI(codec.Info.Width, codec.Info.Height);
    }

    static byte[] Luma(SKBitmap bitmap, out int width, out int height)
    {
        // A picture narrower than the grid repeats its pixels.
        width = Math.Max(bitmap.Width, Images.DifferenceHash.Columns);
        height = Math.Max(bitmap.Height, Images.DifferenceHash.Rows);
        var pixels = bitmap.GetPixelSpan();
        var luma = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            var row = pixels[(y * bitmap.Height / height * bitmap.RowBytes)..];
            for (var x = 0; x < width; x++)
            {
                var pixel = row[(x * bitmap.Width / width * 4)..];
                luma[y * width + x] = (byte)((299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2]) / 1000); // ITU-R BT.601
            }
        }
        return luma;
    }
}
