using System.Security.Cryptography;
using SkiaSharp;

namespace RetrainLoop.Tests.Browser.Fakes;

/// <summary>Pictures of parts on a belt, with the boxes that a model would see in them.</summary>
static class FakeFrames
{
    public const int Width = 640, Height = 480;

    public static (byte[] Jpeg, string Sha256, IReadOnlyList<Detection> Seen) Draw(int seed)
    {
        var random = new Random(seed);
        using var surface = SKSurface.Create(new SKImageInfo(Width, Height));
        var canvas = surface.Canvas;
        using var belt = new SKPaint { Shader = SKShader.CreateLinearGradient(new(0, 0), new(0, Height), [new SKColor(70, 74, 78), new SKColor(52, 55, 58)], SKShaderTileMode.Clamp) };
        canvas.DrawRect(0, 0, Width, Height, belt);
        using var line = new SKPaint { Color = new SKColor(255, 255, 255, 14), StrokeWidth = 2 };
        for (var x = 0; x < Width; x += 40) canvas.DrawLine(x, 0, x, Height, line);
        var seen = new List<Detection>();
        for (var part = 0; part < 4; part++)
        {
            var kind = (part + seed) % FakeLine.Classes.Length;
            var center = new SKPoint(100 + part * 145 + random.Next(-12, 12), 130 + random.Next(0, 220));
            var radius = 34 + random.Next(0, 18);
            DrawPart(canvas, kind, center, radius);
            seen.Add(new Detection(kind, FakeLine.Classes[kind], 0.42f + 0.13f * part, center.X - radius - 4, center.Y - radius + 2, 2 * radius + 6, 2 * radius + 1));
        }
        using var jpeg = surface.Snapshot().Encode(SKEncodedImageFormat.Jpeg, 88);
        var bytes = jpeg.ToArray();
        return (bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)), seen);
    }

    static void DrawPart(SKCanvas canvas, int kind, SKPoint center, float radius)
    {
        using var shadow = new SKPaint { Color = new SKColor(0, 0, 0, 90), MaskFilter = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, 6), IsAntialias = true };
        canvas.DrawCircle(center.X + 6, center.Y + 8, radius, shadow);
        using var steel = new SKPaint { Color = new SKColor((byte)(150 + 18 * kind), 172, 180), IsAntialias = true };
        using var hole = new SKPaint { Color = new SKColor(48, 51, 54), IsAntialias = true };
        if (kind == 2) canvas.DrawRoundRect(center.X - radius, center.Y - radius * 0.35f, radius * 2, radius * 0.7f, 8, 8, steel);
        else canvas.DrawCircle(center, radius, steel);
        if (kind != 2) canvas.DrawCircle(center, radius * (kind == 0 ? 0.55f : 0.35f), hole);
    }
}
