using SkiaSharp;

namespace RetrainLoop.Training.Data;

/// <summary>Decodes image files into letterboxed pictures.</summary>
public static class PictureFile
{
    /// <param name="size">Side of the square in pixels.</param>
    /// <exception cref="DatasetException">The file is not an image or is cut off.</exception>
    public static Picture Read(LabelledImage image, int size)
    {
        using var codec = SKCodec.Create(image.Path) ?? throw new DatasetException($"{Path.GetFileName(image.Path)} is not an image that can be decoded.");
        using var bitmap = Decode(codec, size, image.Path);
        var turned = codec.EncodedOrigin >= SKEncodedOrigin.LeftTop;
        var (width, height) = turned ? (bitmap.Height, bitmap.Width) : (bitmap.Width, bitmap.Height);
        var fit = Letterbox.Fit(turned ? codec.Info.Height : codec.Info.Width, turned ? codec.Info.Width : codec.Info.Height, size);

        using var surface = SKSurface.Create(new SKImageInfo(size, size, SKColorType.Rgba8888, SKAlphaType.Premul));
        surface.Canvas.Clear(new SKColor(Letterbox.Grey, Letterbox.Grey, Letterbox.Grey));
        surface.Canvas.Translate(fit.Left, fit.Top);
        surface.Canvas.Scale((float)fit.Width / width, (float)fit.Height / height);
        surface.Canvas.Concat(Upright(codec.EncodedOrigin, bitmap.Width, bitmap.Height));
        using var decoded = SKImage.FromBitmap(bitmap);
        surface.Canvas.DrawImage(decoded, 0, 0, new SKSamplingOptions(SKFilterMode.Linear));
        using var pixels = surface.PeekPixels();
        return new Picture(WithoutAlpha(pixels.GetPixelSpan<byte>()), size, [.. image.Boxes.Select(box => new Target(box.Class, fit.Place(box)))]);
    }

    /// <summary>The image halved as often as it still fills the square: so does serving, and a net should see what it will see there.</summary>
    static SKBitmap Decode(SKCodec codec, int size, string path)
    {
        var ratio = (float)size / Math.Max(codec.Info.Width, codec.Info.Height);
        var scale = ratio <= 0.125f ? 0.125f : ratio <= 0.25f ? 0.25f : ratio <= 0.5f ? 0.5f : 1f;
        var dimensions = scale < 1 && codec.EncodedFormat == SKEncodedImageFormat.Jpeg ? codec.GetScaledDimensions(scale) : codec.Info.Size;
        var bitmap = new SKBitmap(new SKImageInfo(dimensions.Width, dimensions.Height, SKColorType.Rgba8888, SKAlphaType.Premul));
        if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) == SKCodecResult.Success) return bitmap;
        bitmap.Dispose();
        throw new DatasetException($"{Path.GetFileName(path)} is damaged or cut off.");
    }

    /// <summary>Brings pixels as they are stored to how they are meant to be looked at (the eight EXIF orientations).</summary>
    static SKMatrix Upright(SKEncodedOrigin origin, int width, int height) => origin switch
    {
        SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new SKMatrix(0, -1, height, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, height, -1, 0, width, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new SKMatrix(0, 1, 0, -1, 0, width, 0, 0, 1),
        _ => SKMatrix.Identity,
    };

    static byte[] WithoutAlpha(ReadOnlySpan<byte> rgba)
    {
        var rgb = new byte[rgba.Length / 4 * 3];
        for (int from = 0, to = 0; from < rgba.Length; from += 4, to += 3)
        {
            rgb[to] = rgba[from];
            rgb[to + 1] = rgba[from + 1];
            rgb[to + 2] = rgba[from + 2];
        }
        return rgb;
    }
}
