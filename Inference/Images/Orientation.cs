using SkiaSharp;

namespace RetrainLoop.Inference.Images;

/// <summary>EXIF orientations 1-8 (CIPA DC-008): how stored pixels become the upright picture.</summary>
static unsafe class Orientation
{
    /// <summary>How a file's picture is stored; upright when its EXIF says nothing, or nonsense.</summary>
    public static SKEncodedOrigin Of(SKCodec codec, ReadOnlySpan<byte> file) =>
        FileKind.FormatOf(file) == ImageFormat.Png ? (SKEncodedOrigin)PngChunks.OrientationOf(file)
        : codec.EncodedOrigin is >= SKEncodedOrigin.TopLeft and <= SKEncodedOrigin.LeftBottom and var origin ? origin
        : SKEncodedOrigin.TopLeft;

    /// <summary>Orientations 5-8 exchange width and height.</summary>
    public static bool SwapsSides(SKEncodedOrigin origin) => origin >= SKEncodedOrigin.LeftTop;

    /// <summary>Writes the upright picture of <paramref name="width"/> x <paramref name="height"/> stored pixels.</summary>
    public static void Apply(SKEncodedOrigin origin, uint* stored, int width, int height, uint* upright)
    {
        // The stored pixel of upright (x, y) is start + x * stepX + y * stepY.
        long last = (long)width * height - 1, row = width, firstOfLastRow = row * (height - 1);
        var (start, stepX, stepY) = origin switch
        {
            SKEncodedOrigin.TopRight => (row - 1, -1L, row),
            SKEncodedOrigin.BottomRight => (last, -1L, -row),
            SKEncodedOrigin.BottomLeft => (firstOfLastRow, 1L, -row),
            SKEncodedOrigin.LeftTop => (0L, row, 1L),
            SKEncodedOrigin.RightTop => (firstOfLastRow, -row, 1L),
            SKEncodedOrigin.RightBottom => (last, -row, -1L),
            SKEncodedOrigin.LeftBottom => (row - 1, row, -1L),
            _ => (0L, 1L, row),
        };
        var (uprightWidth, uprightHeight) = SwapsSides(origin) ? (height, width) : (width, height);
        for (var y = 0; y < uprightHeight; y++)
        {
            var from = stored + start + y * stepY;
            for (var x = 0; x < uprightWidth; x++, from += stepX) *upright++ = *from;
        }
    }
}
