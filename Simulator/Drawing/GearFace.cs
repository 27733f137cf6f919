using System.Numerics;
using RetrainLoop.Simulator.Scenes;
using SkiaSharp;

namespace RetrainLoop.Simulator.Drawing;

/// <summary>A gear: machined rim, recessed web, hub with a keyway, and holes that save weight.</summary>
public static class GearFace
{
    public static void Draw(Pen pen, PartBody body)
    {
        var part = body.Part;
        var (radius, hole) = (part.Radius, part.Radius * part.Ratio);
        using var face = Pen.Path(body.Ring(part.Height));
        using (var flat = body.Flat()) pen.Fill(face, flat);
        if (part.Variant) DrawRingOnly(pen, body, radius, hole);
        else DrawWeb(pen, body, radius, hole);
        using var keyway = Pen.Path(body.OnFace(
            [new(hole * 0.85f, -hole * 0.2f), new(hole * 1.28f, -hole * 0.2f), new(hole * 1.28f, hole * 0.2f), new(hole * 0.85f, hole * 0.2f)]));
        pen.Fill(keyway, body.Metal.Deep);
    }

    static void DrawRingOnly(Pen pen, PartBody body, float radius, float hole)
    {
        using var land = Pen.Path(body.Circle(radius * 0.76f, 36), body.Hole(body.Part.Height)!);
        using var brushed = body.Brushed();
        pen.Fill(land, brushed);
        using var line = Pen.Path(body.Circle((radius * 0.76f + hole) / 2));
        pen.Stroke(line, body.Metal.Deep.WithAlpha(120), 1);
    }

    static void DrawWeb(Pen pen, PartBody body, float radius, float hole)
    {
        var (rim, hub) = (radius * 0.7f, MathF.Max(hole * 1.45f, radius * 0.36f));
        var inner = body.Circle(hub);
        Array.Reverse(inner);
        using var web = Pen.Path(body.Circle(rim, 36), inner);
        pen.Fill(web, body.Metal.Shade);
        var reach = body.View.TowardsLight * rim * body.View.Scale;
        SKColor[] recess = [body.Metal.Deep.WithAlpha(210), body.Metal.Shade, body.Metal.Glint.WithAlpha(200)];
        using (var edge = Pen.Linear(body.Centre + reach, body.Centre - reach, recess))
            pen.Stroke(web, edge, 1.2f);
        using var hubFace = Pen.Path(body.Circle(hub * 0.97f), body.Hole(body.Part.Height)!);
        using (var brushed = body.Brushed()) pen.Fill(hubFace, brushed);

        var middle = (rim + hub) / 2;
        var size = (rim - hub) * 0.3f;
        var reliefs = new Vector2[5][];
        for (var i = 0; i < reliefs.Length; i++)
        {
            var (sin, cos) = MathF.SinCos(MathF.Tau * (i + 0.5f) / reliefs.Length);
            var around = new Vector2(cos, sin) * middle;
            reliefs[i] = body.OnFace(Array.ConvertAll(PartShape.Ring(size, 14), point => point + around));
        }
        using var relief = Pen.Path(reliefs);
        pen.Fill(relief, body.Metal.Deep);
        pen.Stroke(relief, body.Metal.Light.WithAlpha(110), 0.7f);
    }
}
