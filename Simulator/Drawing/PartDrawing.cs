using System.Numerics;
using RetrainLoop.Simulator.Scenes;
using SkiaSharp;

namespace RetrainLoop.Simulator.Drawing;

/// <summary>Draws a part: its shadow on what lies below, its sides, its face, and what is on the face.</summary>
public static class PartDrawing
{
    public static void Draw(Pen pen, View view, Part part)
    {
        var body = new PartBody(view, part, Metal.Of(part));
        DrawShadow(pen, body);
        DrawBody(pen, body);
    }

    /// <summary>The part without its shadow: exactly what labels count as the part.</summary>
    public static void DrawBody(Pen pen, PartBody body)
    {
        DrawSides(pen, body);
        switch (body.Part.Kind)
        {
            case PartKind.Washer: RoundFaces.DrawWasher(pen, body); break;
            case PartKind.Nut: RoundFaces.DrawNut(pen, body); break;
            case PartKind.Bolt: BoltFace.Draw(pen, body); break;
            default: GearFace.Draw(pen, body); break;
        }
        DrawRim(pen, body);
    }

    static void DrawShadow(Pen pen, PartBody body)
    {
        var reach = -body.View.TowardsLight * (body.Part.Height * 0.55f + 1.5f) * body.View.Scale;
        using var cast = Pen.Path(Shifted(body.Ring(0), reach));
        pen.FillSoft(cast, new SKColor(0, 0, 0, 120), 1.4f + 0.16f * body.Part.Height);
        using var contact = Pen.Path(body.Outline(0));
        pen.Stroke(contact, new SKColor(0, 0, 0, 90), 3);
    }

    static Vector2[][] Shifted(Vector2[][] contours, Vector2 by) =>
        Array.ConvertAll(contours, contour => Array.ConvertAll(contour, point => point + by));

    static void DrawSides(Pen pen, PartBody body)
    {
        var layers = Math.Clamp((int)MathF.Ceiling(body.Part.Height * body.View.Rise / 2.5f), 1, 4);
        var rings = new List<Vector2[]>(2 * layers + 2);
        for (var i = 0; i <= layers; i++) rings.AddRange(body.Ring(body.Part.Height * i / layers));
        using var path = Pen.Path([.. rings]);
        var across = new Vector2(body.RadiusInPixels, 0);
        using var shader = Pen.Linear(
            body.Centre - across, body.Centre + across,
            [body.Metal.Deep, body.Metal.Shade, body.Metal.Middle, body.Metal.Deep, body.Metal.Shade], [0, 0.25f, 0.45f, 0.75f, 1]);
        pen.Fill(path, shader);
    }

    /// <summary>The edge towards the lamp catches light, the opposite one falls into shade.</summary>
    static void DrawRim(Pen pen, PartBody body)
    {
        var towards = body.View.TowardsLight * body.RadiusInPixels;
        var (glint, deep) = (body.Metal.Glint, body.Metal.Deep);
        using var rim = Pen.Linear(
            body.Centre + towards, body.Centre - towards,
            [glint.WithAlpha(230), glint.WithAlpha(0), deep.WithAlpha(0), deep.WithAlpha(200)], [0.05f, 0.5f, 0.55f, 0.95f]);
        using var outline = Pen.Path(body.Outline(body.Part.Height));
        pen.Stroke(outline, rim, 1.1f);
        if (body.Hole(body.Part.Height) is not { } contour) return;
        var reach = towards * body.Part.Ratio;
        using var inner = Pen.Linear(
            body.Centre - reach, body.Centre + reach,
            [glint.WithAlpha(200), glint.WithAlpha(0), deep.WithAlpha(220)], [0.05f, 0.5f, 0.95f]);
        using var hole = Pen.Path(contour);
        pen.Stroke(hole, inner, 1.2f);
    }
}
