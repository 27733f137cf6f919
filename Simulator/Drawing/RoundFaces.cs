using RetrainLoop.Simulator.Scenes;

namespace RetrainLoop.Simulator.Drawing;

/// <summary>The faces of washers and nuts.</summary>
public static class RoundFaces
{
    public static void DrawWasher(Pen pen, PartBody body)
    {
        using var face = Pen.Path(body.Ring(body.Part.Height));
        using var brushed = body.Brushed();
        pen.Fill(face, brushed);
        var (outer, inner) = (body.Part.Radius, body.Part.Radius * body.Part.Ratio);
        using var groove = Pen.Path(body.Circle(outer * 0.94f, 40));
        pen.Stroke(groove, body.Metal.Shade.WithAlpha(110), 0.8f);
        using var bevel = Pen.Path(body.Circle(inner * 1.1f));
        pen.Stroke(bevel, body.Metal.Light.WithAlpha(120), 0.8f);
    }

    public static void DrawNut(Pen pen, PartBody body)
    {
        var (radius, hole) = (body.Part.Radius, body.Part.Radius * body.Part.Ratio);
        using var face = Pen.Path(body.Ring(body.Part.Height));
        pen.Fill(face, body.Metal.Shade);

        // The chamfer leaves a round field inside the corners; a flanged nut carries its hexagon on a disc.
        var field = body.Part.Variant
            ? body.OnFace(PartShape.Outline(body.Part with { Variant = false, Radius = radius * 0.74f }))
            : body.Circle(radius * 0.87f, 36);
        using var chamfer = Pen.Path(field, body.Hole(body.Part.Height)!);
        using var brushed = body.Brushed();
        pen.Fill(chamfer, brushed);
        pen.Stroke(chamfer, body.Metal.Deep.WithAlpha(90), 0.8f);

        for (var turn = 1; turn <= 2; turn++)
        {
            using var thread = Pen.Path(body.Circle(hole * (1 + 0.09f * turn), 24));
            pen.Stroke(thread, (turn == 1 ? body.Metal.Deep : body.Metal.Glint).WithAlpha(100), 0.9f);
        }
    }
}
