using System.Numerics;

namespace RetrainLoop.Simulator.Scenes;

/// <summary>
/// A part's outline in the image, where it touches the belt and at its top, and its hole likewise, wound the other way round (empty when
/// it has none). What lies in both holes can be seen through.
/// </summary>
public sealed record Silhouette(Vector2[] Base, Vector2[] Top, Vector2[] BaseHole, Vector2[] TopHole)
{
    public static Silhouette Of(View view, Part part)
    {
        var outline = PartShape.OnBelt(part, PartShape.Outline(part));
        var hole = PartShape.OnBelt(part, PartShape.Hole(part) ?? []);
        Array.Reverse(hole);
        return new Silhouette(InImage(view, outline, 0), InImage(view, outline, part.Height), InImage(view, hole, 0), InImage(view, hole, part.Height));
    }

    /// <summary>The extent of base and top together, and so of everything between them; not clipped.</summary>
    public Box Extent
    {
        get
        {
            var low = new Vector2(float.MaxValue);
            var high = new Vector2(float.MinValue);
            foreach (var point in Base) (low, high) = (Vector2.Min(low, point), Vector2.Max(high, point));
            foreach (var point in Top) (low, high) = (Vector2.Min(low, point), Vector2.Max(high, point));
            return new Box(low.X, low.Y, high.X - low.X, high.Y - low.Y);
        }
    }

    public static Vector2[] InImage(View view, Vector2[] onBelt, float height)
    {
        var points = new Vector2[onBelt.Length];
        for (var i = 0; i < points.Length; i++) points[i] = view.ToImage(onBelt[i], height);
        return points;
    }
}
