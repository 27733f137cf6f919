using System.Numerics;
using RetrainLoop.Simulator.Scenes;
using SkiaSharp;

namespace RetrainLoop.Simulator.Drawing;

/// <summary>A bolt that lies on its side: a threaded cylinder and a head.</summary>
public static class BoltFace
{
    const float Pitch = 3.4f;

    public static void Draw(Pen pen, PartBody body)
    {
        var part = body.Part;
        var (headEnd, head, shank) = PartShape.BoltMeasures(part);
        using var face = Pen.Path(body.Outline(part.Height));
        using (var round = Cylinder(body, shank)) pen.Fill(face, round);
        DrawThread(pen, body, headEnd, shank);
        DrawHead(pen, body, headEnd, head);
    }

    /// <summary>Shading across the axis; the reflection lies on the side of the lamp.</summary>
    static SKShader Cylinder(PartBody body, float halfWidth)
    {
        var (one, other) = (body.OnFace(new Vector2(0, -halfWidth)), body.OnFace(new Vector2(0, halfWidth)));
        var glint = Glint(body, one, other);
        var metal = body.Metal;
        return Pen.Linear(
            one, other, [metal.Deep, metal.Middle, metal.Glint, metal.Middle, metal.Shade, metal.Deep],
            [0, glint - 0.2f, glint, glint + 0.14f, MathF.Min(0.96f, glint + 0.32f), 1]);
    }

    static float Glint(PartBody body, Vector2 one, Vector2 other) =>
        0.5f + 0.22f * Vector2.Dot(body.View.TowardsLight, Vector2.Normalize(other - one));

    static void DrawThread(Pen pen, PartBody body, float headEnd, float shank)
    {
        var radius = body.Part.Radius;
        var start = headEnd + (radius - headEnd) * (body.Part.Variant ? 0.08f : 0.3f);
        using var builder = new SKPathBuilder();
        for (var x = start; x < radius - 1.5f; x += Pitch)
        {
            var (from, to) = (body.OnFace(new Vector2(x - 0.8f, -0.93f * shank)), body.OnFace(new Vector2(x + 0.8f, 0.93f * shank)));
            builder.MoveTo(from.X, from.Y);
            builder.LineTo(to.X, to.Y);
        }
        using var thread = builder.Detach();
        pen.Stroke(thread, body.Metal.Deep.WithAlpha(150), 1.25f * body.View.Scale);
    }

    static void DrawHead(Pen pen, PartBody body, float headEnd, float head)
    {
        var outline = PartShape.Outline(body.Part);
        using var path = Pen.Path(body.OnFace([.. outline.AsSpan(0, 3), .. outline.AsSpan(9, 3)]));
        using (var round = Cylinder(body, head)) pen.Fill(path, round);
        if (!body.Part.Variant) DrawFacets(pen, body, headEnd, head);
        using var collar = Pen.Path(body.OnFace([new(headEnd, -0.95f * head), new(headEnd, 0.95f * head)]));
        pen.Stroke(collar, body.Metal.Deep.WithAlpha(180), 1.4f);
    }

    /// <summary>Three of the six sides of a hexagonal head can be seen.</summary>
    static void DrawFacets(Pen pen, PartBody body, float headEnd, float head)
    {
        var left = -body.Part.Radius + 1;
        var lit = Vector2.Dot(body.View.TowardsLight, Vector2.Normalize(body.OnFace(new Vector2(0, 1)) - body.OnFace(Vector2.Zero)));
        ReadOnlySpan<(float From, float To, SKColor Color)> facets =
        [
            (-1, -0.5f, lit < 0 ? body.Metal.Light : body.Metal.Shade), (-0.5f, 0.5f, body.Metal.Middle),
            (0.5f, 1, lit < 0 ? body.Metal.Shade : body.Metal.Light),
        ];
        foreach (var (from, to, color) in facets)
        {
            var (low, high) = (from * head * 0.94f, to * head * 0.94f);
            using var facet = Pen.Path(body.OnFace([new(left + 2, low), new(headEnd, low), new(headEnd, high), new(left + 2, high)]));
            pen.Fill(facet, color.WithAlpha(205));
            pen.Stroke(facet, body.Metal.Deep.WithAlpha(70), 0.7f);
        }
    }
}
