using System.Numerics;
using RetrainLoop.Simulator.Scenes;
using SkiaSharp;

namespace RetrainLoop.Simulator.Drawing;

/// <summary>A part as the camera sees it: its contours in the image at any height above the belt.</summary>
public sealed class PartBody(View view, Part part, Metal metal)
{
    readonly Vector2[] outline = PartShape.OnBelt(part, PartShape.Outline(part));
    readonly Vector2[]? hole = PartShape.Hole(part) is { } contour ? Reversed(PartShape.OnBelt(part, contour)) : null;

    public View View => view;
    public Part Part => part;
    public Metal Metal => metal;

    /// <summary>The middle of the face in the image.</summary>
    public Vector2 Centre { get; } = view.ToImage(part.Position, part.Height);

    public float RadiusInPixels => part.Radius * view.Scale;

    public Vector2[] Outline(float height) => Silhouette.InImage(view, outline, height);
    public Vector2[]? Hole(float height) => hole is null ? null : Silhouette.InImage(view, hole, height);

    /// <summary>Outline and hole; the hole is wound the other way round.</summary>
    public Vector2[][] Ring(float height) => hole is null ? [Outline(height)] : [Outline(height), Silhouette.InImage(view, hole, height)];

    /// <summary>A contour in the part's own coordinates, in the image at the height of the face.</summary>
    public Vector2[] OnFace(ReadOnlySpan<Vector2> contour) => Silhouette.InImage(view, PartShape.OnBelt(part, contour), part.Height);

    /// <summary>A circle on the face around the centre.</summary>
    public Vector2[] Circle(float radius, int points = 28) => OnFace(PartShape.Ring(radius, points));

    /// <summary>A point of the part's own coordinates, in the image at the height of the face.</summary>
    public Vector2 OnFace(Vector2 point) => OnFace([point])[0];

    /// <summary>Brushed round metal: reflections of the lamp as opposite sectors.</summary>
    public SKShader Brushed()
    {
        var angle = MathF.Atan2(view.TowardsLight.Y, view.TowardsLight.X) * 180 / MathF.PI;
        return SKShader.CreateSweepGradient(
            new SKPoint(Centre.X, Centre.Y),
            [metal.Light, metal.Middle, metal.Shade, metal.Light, metal.Middle, metal.Shade, metal.Middle, metal.Light],
            [0, 0.1f, 0.25f, 0.45f, 0.55f, 0.75f, 0.9f, 1], SKMatrix.CreateRotationDegrees(angle, Centre.X, Centre.Y));
    }

    /// <summary>Flat metal, lighter towards the lamp.</summary>
    public SKShader Flat()
    {
        var reach = view.TowardsLight * RadiusInPixels;
        return Pen.Linear(Centre + reach, Centre - reach, [metal.Light, metal.Middle, metal.Shade]);
    }

    static Vector2[] Reversed(Vector2[] contour)
    {
        Array.Reverse(contour);
        return contour;
    }
}
