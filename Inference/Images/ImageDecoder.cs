using Microsoft.AspNetCore.Http;
using SkiaSharp;

namespace RetrainLoop.Inference.Images;

/// <summary>
/// Decodes one picture after the other into memory that it keeps. Alpha is dropped, colour profiles are not applied, of an animation the first
/// frame is taken: as OpenCV reads them. Not thread-safe: one per worker.
/// </summary>
sealed unsafe class ImageDecoder(ImageOptions options) : IDisposable
{
    // Real progressive pictures have ten or so; each scan is a pass over the whole picture.
    const int MostScans = 100;
    readonly NativeBuffer stored = new(), turned = new();

    /// <summary>The upright picture, at full size or shrunk to no less than it takes to fill the input.</summary>
    /// <param name="file">The encoded bytes.</param>
    /// <param name="name">How to call the file in a refusal.</param>
    /// <param name="inputWidth">Of the network; with 0 the picture is never shrunk.</param>
    /// <exception cref="BadImageException">It is no image, broken, or over the limits.</exception>
    public PixelView Decode(ReadOnlySpan<byte> file, string name, int inputWidth = 0, int inputHeight = 0)
    {
        stored.Trim();
        turned.Trim();
        var format = CheckFile(file, name);
        fixed (byte* bytes = file)
        {
            using var data = SKData.Create((nint)bytes, file.Length);
            using var codec = SKCodec.Create(data) ?? throw Broken(name, format, SKCodecResult.ErrorInInput);
            CheckSize(codec.Info, file, format, name);
            return Decode(codec, Orientation.Of(codec, file), format, name, inputWidth, inputHeight);
        }
    }

    public void Dispose()
    {
        stored.Dispose();
        turned.Dispose();
    }

    ImageFormat CheckFile(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length > options.MaxBytes)
            throw new BadImageException(StatusCodes.Status413PayloadTooLarge,
                $"{name} has {file.Length:N0} bytes; at most {options.MaxMegabytes} MB are taken.");
        if (file.IsEmpty) throw new BadImageException(StatusCodes.Status422UnprocessableEntity, $"{name} is empty: no bytes arrived.");
        var format = FileKind.FormatOf(file) ?? throw new BadImageException(
            StatusCodes.Status415UnsupportedMediaType,
            $"{name} is {FileKind.Describe(file)}, not an image that can be read here. Send JPEG, PNG, WebP, BMP or GIF.");
        if (format == ImageFormat.Jpeg) CheckCoding(file, name);
        return format;
    }

    static void CheckCoding(ReadOnlySpan<byte> file, string name)
    {
        var frame = JpegFrame.Find(file);
        if (frame.UnknownCoding is { } coding)
            throw new BadImageException(StatusCodes.Status415UnsupportedMediaType,
                $"{name} is a JPEG with {coding}, which cannot be read here. Save it as a baseline or progressive JPEG with 8 bits.");
        if (frame.IsProgressive && JpegFrame.CountScans(file, MostScans + 1) > MostScans)
            throw new BadImageException(StatusCodes.Status422UnprocessableEntity,
                $"{name} is a progressive JPEG of more than {MostScans} scans. No camera writes that; save it anew.");
    }

    void CheckSize(SKImageInfo info, ReadOnlySpan<byte> file, ImageFormat format, string name)
    {
        if (info.Width <= 0 || info.Height <= 0) throw Broken(name, format, SKCodecResult.ErrorInInput);
        var pixels = (long)info.Width * info.Height;
        if (pixels > options.MaxMegapixels * 1_000_000L)
            throw new BadImageException(StatusCodes.Status422UnprocessableEntity,
                $"{name} declares {info.Width} x {info.Height} pixels; at most {options.MaxMegapixels} megapixels are decoded. Send a smaller picture.");
        if (!Plausibility.CanHold(file, format, pixels)) throw Broken(name, format, SKCodecResult.IncompleteInput);
    }

    PixelView Decode(SKCodec codec, SKEncodedOrigin origin, ImageFormat format, string name, int inputWidth, int inputHeight)
    {
        int width = codec.Info.Width, height = codec.Info.Height;
        var swaps = Orientation.SwapsSides(origin);
        var (imageWidth, imageHeight) = swaps ? (height, width) : (width, height);
        var size = options.ScaledDecode && format == ImageFormat.Jpeg && inputWidth > 0
            ? Shrunk(codec, Math.Min((double)inputWidth / imageWidth, (double)inputHeight / imageHeight))
            : codec.Info.Size;
        var pixels = Read(codec, size, format, name);
        if (origin == SKEncodedOrigin.TopLeft) return new PixelView(pixels, size.Width, size.Height, imageWidth, imageHeight);
        var upright = (uint*)turned.Reserve((nuint)size.Width * (nuint)size.Height * sizeof(uint));
        Orientation.Apply(origin, pixels, size.Width, size.Height, upright);
        return swaps
            ? new PixelView(upright, size.Height, size.Width, imageWidth, imageHeight)
            : new PixelView(upright, size.Width, size.Height, imageWidth, imageHeight);
    }

    uint* Read(SKCodec codec, SKSizeI size, ImageFormat format, string name)
    {
        var alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        var info = new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, alpha);
        var pixels = (uint*)stored.Reserve((nuint)info.BytesSize64);
        var result = codec.GetPixels(info, (nint)pixels);
        return result == SKCodecResult.Success ? pixels : throw Broken(name, format, result);
    }

    // Only halvings: they are fast in the JPEG library, and halving twice a pixel pair's mean is what bilinear sampling at 1/2 gives.
    static SKSizeI Shrunk(SKCodec codec, double ratio)
    {
        var scale = ratio <= 0.125 ? 0.125f : ratio <= 0.25 ? 0.25f : ratio <= 0.5 ? 0.5f : 1f;
        return scale == 1f ? codec.Info.Size : codec.GetScaledDimensions(scale);
    }

    static BadImageException Broken(string name, ImageFormat format, SKCodecResult result) => new(
        StatusCodes.Status422UnprocessableEntity,
        result == SKCodecResult.IncompleteInput
            ? $"{name} is a truncated {format.ToString().ToUpperInvariant()} image: its data end too early. Check that the whole file was sent."
            : $"{name} starts like a {format.ToString().ToUpperInvariant()} image, but its data are corrupt or cut off and cannot be decoded.");
}
