using RetrainLoop.Simulator.Scenes;
using SkiaSharp;

namespace RetrainLoop.Simulator.Drawing;

/// <summary>The belt's surface, one pixel per belt unit, repeating along the belt: weave, wear, scratches, stains and a seam.</summary>
public static class BeltTexture
{
    public const int Width = 768, Height = 512;

    public static SKImage Create(LineCamera camera)
    {
        var color = SKColor.FromHsl(camera.BeltHue, camera.BeltSaturation * 100, camera.BeltLightness * 100);
        var random = RandomStream.Of(11, camera.Index);
        var (wear, streaks) = (new ValueNoise(ref random, 8), new ValueNoise(ref random, 64));
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        unsafe
        {
            var pixels = new Span<uint>((void*)bitmap.GetPixels(), Width * Height);
            for (var y = 0; y < Height; y++)
                for (var x = 0; x < Width; x++)
                {
                    var weave = ((x + (y >> 2 & 1) * 4) % 8 < 4 ? 0.022f : -0.022f) + (y % 4 == 0 ? -0.045f : 0.01f);
                    var worn = 0.10f * (wear.At(x / 96f, y / 96f) - 0.5f) + 0.06f * (streaks.At(x / 12f, y / 10f) - 0.5f);
                    var grain = 0.05f * (random.NextFloat() - 0.5f);
                    var middle = 0.05f * (1 - MathF.Abs(y - Height / 2f) / (Height / 2f));
                    pixels[y * Width + x] = Pack(color, 1 + 1.6f * (weave + worn + grain) + middle);
                }
        }
        using var canvas = new SKCanvas(bitmap);
        Mark(canvas, ref random);
        return SKImage.FromBitmap(bitmap);
    }

    static void Mark(SKCanvas canvas, ref RandomStream random)
    {
        using var paint = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke };
        for (var i = 0; i < 36; i++)
        {
            var (x, y) = (random.NextFloat(0, Width), random.NextFloat(30, Height - 30));
            var (length, slope) = (random.NextFloat(20, 150), random.NextFloat(-0.08f, 0.08f));
            paint.StrokeWidth = random.NextFloat(0.5f, 1.3f);
            paint.Color = (random.NextFloat() < 0.6f ? SKColors.White : SKColors.Black).WithAlpha((byte)random.NextFloat(14, 46));
            canvas.DrawLine(x, y, x + length, y + slope * length, paint);
        }
        paint.Style = SKPaintStyle.Fill;
        for (var i = 0; i < 7; i++)
        {
            using var soft = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, random.NextFloat(2, 7));
            paint.MaskFilter = soft;
            paint.Color = SKColors.Black.WithAlpha((byte)random.NextFloat(24, 66));
            canvas.DrawOval(random.NextFloat(60, Width - 60), random.NextFloat(60, Height - 60), random.NextFloat(6, 34), random.NextFloat(5, 20), paint);
        }
        paint.MaskFilter = null;
        paint.Color = SKColors.Black.WithAlpha(80);
        canvas.DrawRect(400, 0, 3, Height, paint);
        paint.Color = SKColors.White.WithAlpha(34);
        canvas.DrawRect(403, 0, 1.5f, Height, paint);
    }

    static uint Pack(SKColor color, float brightness)
    {
        var (r, g, b) = (Channel(color.Red, brightness), Channel(color.Green, brightness), Channel(color.Blue, brightness));
        return 0xFF000000 | r << 16 | g << 8 | b;
    }

    static uint Channel(byte value, float brightness) => (uint)Math.Clamp(value * brightness, 0, 255);
}
