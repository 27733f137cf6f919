using System.Numerics;

namespace RetrainLoop.Simulator.Scenes;

/// <summary>
/// The contours of a part in its own coordinates (belt units, centre at 0, unturned). Drawing and labels both use them, so that a box
/// and what is drawn cannot differ.
/// </summary>
public static class PartShape
{
    /// <summary>The outer contour, closed, in order.</summary>
    public static Vector2[] Outline(Part part) => part.Kind switch
    {
        PartKind.Washer => Ring(part.Radius, 44),
        PartKind.Nut => part.Variant ? FlangedNut(part.Radius) : Polygon(part.Radius, 6),
        PartKind.Bolt => Bolt(part),
        _ => Gear(part),
    };

    /// <summary>The hole's contour; null for a bolt.</summary>
    public static Vector2[]? Hole(Part part) => part.Kind == PartKind.Bolt ? null : Ring(part.Radius * part.Ratio, 28);

    /// <summary>Places contour points of a part on the belt.</summary>
    public static Vector2[] OnBelt(Part part, ReadOnlySpan<Vector2> contour)
    {
        var place = Matrix3x2.CreateRotation(part.Angle) * Matrix3x2.CreateTranslation(part.Position);
        var placed = new Vector2[contour.Length];
        for (var i = 0; i < placed.Length; i++) placed[i] = Vector2.Transform(contour[i], place);
        return placed;
    }

    public static Vector2[] Ring(float radius, int points) => Polygon(radius, points);

    /// <summary>Where a bolt's head ends on its axis, and half the widths of head and shank.</summary>
    public static (float HeadEnd, float HeadHalf, float ShankHalf) BoltMeasures(Part part)
    {
        var headHalf = part.Radius * (part.Variant ? 0.4f : 0.31f);
        var headLength = part.Radius * (part.Variant ? 0.34f : 0.42f);
        return (-part.Radius + headLength, headHalf, headHalf * part.Ratio);
    }

    static Vector2[] Polygon(float radius, int corners)
    {
        var points = new Vector2[corners];
        for (var i = 0; i < corners; i++)
        {
            var (sin, cos) = MathF.SinCos(MathF.Tau * i / corners);
            points[i] = new Vector2(cos, sin) * radius;
        }
        return points;
    }

    static Vector2[] FlangedNut(float radius) => Ring(radius, 36);

    static Vector2[] Bolt(Part part)
    {
        var (headEnd, head, shank) = BoltMeasures(part);
        var (left, right) = (-part.Radius, part.Radius);
        var bevel = head * (part.Variant ? 0.75f : 0.28f);
        var tip = shank * 0.5f;
        return
        [
            new(left, -head + bevel), new(left + bevel * 0.5f, -head), new(headEnd, -head), new(headEnd, -shank),
            new(right - tip, -shank), new(right, -shank + tip), new(right, shank - tip), new(right - tip, shank),
            new(headEnd, shank), new(headEnd, head), new(left + bevel * 0.5f, head), new(left, head - bevel),
        ];
    }

    static Vector2[] Gear(Part part)
    {
        var points = new Vector2[part.Teeth * 4];
        var root = part.Radius * (part.Variant ? 0.8f : 0.83f);
        for (var tooth = 0; tooth < part.Teeth; tooth++)
            for (var corner = 0; corner < 4; corner++)
            {
                var (offset, radius) = corner switch { 0 => (-0.36f, root), 1 => (-0.17f, part.Radius), 2 => (0.17f, part.Radius), _ => (0.36f, root) };
                var (sin, cos) = MathF.SinCos(MathF.Tau * (tooth + offset) / part.Teeth);
                points[tooth * 4 + corner] = new Vector2(cos, sin) * radius;
            }
        return points;
    }
}
