using SkiaSharp;

namespace RetrainLoop.Tests.Labeling;

/// <summary>Small pictures that differ by seed, as much as a fixed camera's frames do not: each is unlike any other.</summary>
static class Pictures
{
    public const int Width = 160, Height = 120;

    public static byte[] Jpeg(int seed, int quality = 90)
    {
        using var bitmap = new SKBitmap(Width, Height);
        using (var canvas = new SKCanvas(bitmap))
        {
            var random = new Random(seed);
            for (var y = 0; y < Height; y += 10)
                for (var x = 0; x < Width; x += 10)
                {
                    var level = (byte)random.Next(256);
                    using var paint = new SKPaint { Color = new SKColor(level, level, level) };
                    canvas.DrawRect(x, y, 10, 10, paint);
                }
        }
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality);
        return data.ToArray();
    }
}
