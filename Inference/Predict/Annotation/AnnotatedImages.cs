using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Images;
using SkiaSharp;

namespace RetrainLoop.Inference.Predict.Annotation;

/// <summary>
/// Draws what was found into the picture. Small pictures are enlarged until labels can be read, huge ones are shrunk; lines and letters follow the
/// size. A few are drawn at a time, because each holds a whole decoded picture.
/// </summary>
sealed class AnnotatedImages(IOptions<ImageOptions> options)
{
    const int ShortestLongSide = 640, LongestSide = 4096, Quality = 90;
    const float LineShare = 0.004f, TextShare = 0.02f, SmallestText = 13f;
    readonly SemaphoreSlim drawing = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Whose turn it is.</summary>
    internal SemaphoreSlim Turns => drawing;

    /// <param name="patience">How long it may wait for its turn.</param>
    /// <returns>A JPEG; null when its turn did not come in time.</returns>
    public async Task<byte[]?> DrawAsync(
        PredictFile file, IReadOnlyList<Detection> boxes, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (patience <= TimeSpan.Zero || !await drawing.WaitAsync(patience, cancellationToken)) return null;
        try
        {
            return await Task.Run(() => Draw(file, boxes), cancellationToken);
        }
        finally
        {
            drawing.Release();
        }
    }

    unsafe byte[] Draw(PredictFile file, IReadOnlyList<Detection> boxes)
    {
        using var decoder = new ImageDecoder(options.Value);
        var picture = decoder.Decode(file.Bytes.Memory.Span, file.Name);
        var scale = ScaleOf(picture.Width, picture.Height);
        var info = new SKImageInfo(Scaled(picture.Width, scale), Scaled(picture.Height, scale), SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var surface = SKSurface.Create(info) ?? throw new ExternalException("There is no memory to draw on.");
        using var pixels = SKImage.FromPixels(
            new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque), (nint)picture.Pixels);
        surface.Canvas.DrawImage(pixels, info.Rect, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        var longest = Math.Max(info.Width, info.Height);
        float line = Math.Max(2, longest * LineShare), text = Math.Max(SmallestText, longest * TextShare);
        for (var i = boxes.Count - 1; i >= 0; i--) Draw(surface.Canvas, boxes[i], scale, line, text, info); // the best on top
        using var drawn = surface.Snapshot();
        using var jpeg = drawn.Encode(SKEncodedImageFormat.Jpeg, Quality) ?? throw new ExternalException("The picture could not be written.");
        return jpeg.ToArray();
    }

    static void Draw(SKCanvas canvas, Detection box, float scale, float line, float textSize, SKImageInfo picture)
    {
        var color = ClassColors.Of(box.Class);
        using var paint = new SKPaint { Color = color, IsStroke = true, StrokeWidth = line, IsAntialias = true };
        var place = SKRect.Create(box.X * scale, box.Y * scale, box.Width * scale, box.Height * scale);
        canvas.DrawRect(place, paint);
        var label = string.Create(CultureInfo.InvariantCulture, $"{box.Name} {box.Confidence:0.00}");
        using var font = LabelFont.For(label, textSize);
        float width = font.MeasureText(label) + textSize * 0.5f, height = textSize * 1.3f;
        // Above the box, or within it where there is no room; never outside the picture.
        var left = Math.Clamp(place.Left - line / 2, 0, Math.Max(0, picture.Width - width));
        var top = Math.Clamp(place.Top >= height ? place.Top - height : place.Top, 0, Math.Max(0, picture.Height - height));
        paint.IsStroke = false;
        canvas.DrawRect(SKRect.Create(left, top, width, height), paint);
        paint.Color = ClassColors.TextOn(color);
        canvas.DrawText(label, left + textSize * 0.25f, top + textSize, SKTextAlign.Left, font, paint);
    }

    static float ScaleOf(int width, int height) => Math.Max(width, height) switch
    {
        < ShortestLongSide and var side => (float)ShortestLongSide / side,
        > LongestSide and var side => (float)LongestSide / side,
        _ => 1,
    };

    static int Scaled(int side, float scale) => Math.Max(1, (int)MathF.Round(side * scale));
}
