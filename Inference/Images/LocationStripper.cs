using System.Runtime.InteropServices;
using SkiaSharp;

namespace RetrainLoop.Inference.Images;

/// <summary>
/// Takes out of an image what may say where and by whom it was taken: EXIF, XMP, IPTC, comments, anything behind the end. JPEG, PNG and WebP keep
/// their pixels bit by bit, and a JPEG keeps its orientation in a new EXIF block of that one entry; everything else, such as a turned PNG, is
/// written anew as an upright PNG.
/// </summary>
static unsafe class LocationStripper
{
    /// <param name="file">An image that was decoded before.</param>
    /// <param name="decoder">For images that must be written anew.</param>
    public static byte[] Strip(ReadOnlySpan<byte> file, ImageDecoder decoder)
    {
        var origin = OriginOf(file);
        var upright = origin == SKEncodedOrigin.TopLeft;
        return FileKind.FormatOf(file) switch
        {
            ImageFormat.Jpeg => JpegSegments.Strip(file, (int)origin),
            ImageFormat.Png when upright => PngChunks.Strip(file),
            ImageFormat.WebP when upright => WebPChunks.Strip(file),
            _ => null,
        } ?? WriteAnew(file, decoder);
    }

    static SKEncodedOrigin OriginOf(ReadOnlySpan<byte> file)
    {
        fixed (byte* bytes = file)
        {
            using var data = SKData.Create((nint)bytes, file.Length);
            using var codec = SKCodec.Create(data);
            return codec is null ? SKEncodedOrigin.TopLeft : Orientation.Of(codec, file);
        }
    }

    static byte[] WriteAnew(ReadOnlySpan<byte> file, ImageDecoder decoder)
    {
        var view = decoder.Decode(file, "The frame");
        using var pixmap = new SKPixmap(new SKImageInfo(view.Width, view.Height, SKColorType.Rgba8888, SKAlphaType.Opaque), (nint)view.Pixels);
        using var png = pixmap.Encode(SKEncodedImageFormat.Png, 100) ?? throw new ExternalException("The frame could not be written as PNG.");
        return png.ToArray();
    }
}
