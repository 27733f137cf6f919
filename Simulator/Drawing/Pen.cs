using System.Numerics;
using SkiaSharp;

namespace RetrainLoop.Simulator.Drawing;

/// <summary>Fills and strokes contours on a canvas. One pen per frame: it reuses its paint.</summary>
public sealed class Pen(SKCanvas canvas) : IDisposable
{
    readonly SKPaint paint = new() { IsAntialias = true, StrokeJoin = SKStrokeJoin.Round };

    public SKCanvas Canvas => canvas;

    public void Fill(SKPath path, SKColor color)
    {
        (paint.Style, paint.Shader, paint.Color) = (SKPaintStyle.Fill, null, color);
        canvas.DrawPath(path, paint);
    }

    public void Fill(SKPath path, SKShader shader)
    {
        (paint.Style, paint.Shader, paint.Color) = (SKPaintStyle.Fill, shader, SKColors.Black);
        canvas.DrawPath(path, paint);
        paint.Shader = null;
    }

    public void FillSoft(SKPath path, SKColor color, float sigma)
    {
        using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, sigma);
        paint.MaskFilter = blur;
        Fill(path, color);
        paint.MaskFilter = null;
    }

    public void Stroke(SKPath path, SKColor color, float width)
    {
        (paint.Style, paint.Shader, paint.Color, paint.StrokeWidth) = (SKPaintStyle.Stroke, null, color, width);
        canvas.DrawPath(path, paint);
    }

    public void Stroke(SKPath path, SKShader shader, float width)
    {
        (paint.Style, paint.Shader, paint.Color, paint.StrokeWidth) = (SKPaintStyle.Stroke, shader, SKColors.Black, width);
        canvas.DrawPath(path, paint);
        paint.Shader = null;
    }

    /// <summary>Closed contours as one path; what several of them cover is filled once, a contour wound the other way cuts out.</summary>
    public static SKPath Path(params ReadOnlySpan<Vector2[]> contours)
    {
        using var builder = new SKPathBuilder();
        foreach (var contour in contours)
            builder.AddPoly(Array.ConvertAll(contour, point => new SKPoint(point.X, point.Y)), true);
        return builder.Detach();
    }

    public static SKShader Linear(Vector2 from, Vector2 to, SKColor[] colors, float[]? stops = null) =>
        SKShader.CreateLinearGradient(new SKPoint(from.X, from.Y), new SKPoint(to.X, to.Y), colors, stops, SKShaderTileMode.Clamp);

    public void Dispose() => paint.Dispose();
}
