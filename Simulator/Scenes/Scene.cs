using System.Numerics;
using RetrainLoop.Simulator.Frames;

namespace RetrainLoop.Simulator.Scenes;

/// <summary>A part that is visible enough to be labelled, and the extent of what can be seen of it.</summary>
public sealed record LabelledPart(Part Part, Box Box);

/// <summary>What lies under the camera in one frame: parts in drawing order, and the labels.</summary>
/// <param name="BeltPhase">How far the belt has run, belt units.</param>
public sealed record Scene(FrameId Id, LineCamera Camera, View View, IReadOnlyList<Part> Parts, IReadOnlyList<LabelledPart> Labels, float BeltPhase)
{
    /// <summary>A part of which less than this share can be seen is not labelled.</summary>
    public const float LeastVisibleShare = 0.35f;

    // No part is left with a visible share near the limit, where people too would disagree.
    const float BorderlineLow = 0.12f, BorderlineHigh = 0.55f;
    const int MostParts = 11, Attempts = 14;

    /// <summary>The scene that a frame shows; a pure function of the id.</summary>
    public static Scene Of(FrameId id)
    {
        var camera = LineCamera.Find(id.Camera) ?? throw new ArgumentException($"There is no camera named {id.Camera} on the line.", nameof(id));
        var view = new View(camera, id.Drift);
        var random = RandomStream.Of(1, camera.Index, id.Seed, id.Number);
        var phase = random.NextFloat(0, 4096);
        var wanted = random.NextFloat() < 0.03f ? 0 : Math.Min(MostParts, 2 + random.NextInt(6) + random.NextInt(5));
        var variantShare = Math.Min(1, 1.25 * id.Drift.Variant);
        var parts = new List<Part>(wanted);
        var extents = new List<Box>(wanted);
        var map = new VisibilityMap();
        for (var i = 0; i < wanted; i++)
        {
            // A stream for each part: one that changes with the drift leaves the others as they are.
            var own = RandomStream.Of(2, camera.Index, id.Seed, id.Number, i);
            var mayTouch = own.NextFloat() < 0.3f;
            var part = PartVariety.Draw(ref own, variantShare);
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var placed = part with { Position = Anywhere(ref own, view, part) };
                if (!mayTouch && parts.Exists(other => Near(other, placed))) continue;
                var silhouette = Silhouette.Of(view, placed);
                if (!map.TryAdd(silhouette, BorderlineLow, BorderlineHigh)) continue;
                parts.Add(placed);
                extents.Add(silhouette.Extent);
                break;
            }
        }
        return new Scene(id, camera, view, parts, Label(parts, extents, map), phase);
    }

    static Vector2 Anywhere(ref RandomStream random, View view, Part part)
    {
        // The near rail hides a strip of the belt behind it; the far one hides nothing but must not be touched by what stands before it.
        var far = -LineCamera.BeltHalfWidth + part.Radius + 4 + part.Height * view.Hidden;
        var near = LineCamera.BeltHalfWidth - part.Radius - 4 - LineCamera.RailHeight * view.Hidden;
        var y = random.NextFloat(far, near);
        var x = random.NextFloat(-1, 1) * (LineCamera.FrameWidth / 2f / view.Scale + part.Radius * 0.3f);
        return new Vector2(x, y);
    }

    static bool Near(Part a, Part b) => Vector2.Distance(a.Position, b.Position) < a.Radius + b.Radius + 4;

    static List<LabelledPart> Label(List<Part> parts, List<Box> extents, VisibilityMap map)
    {
        var labels = new List<LabelledPart>(parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            if (map.ShareOf(i) < LeastVisibleShare) continue;
            var seen = map.IsWhole(i) ? extents[i] : Intersect(extents[i], map.ExtentOf(i));
            labels.Add(new LabelledPart(parts[i], seen.ClipTo(LineCamera.FrameWidth, LineCamera.FrameHeight)));
        }
        return labels;
    }

    /// <summary>Whole pixels say what is hidden, the contour says where an edge lies within its pixel.</summary>
    static Box Intersect(Box contour, Box pixels)
    {
        var (left, top) = (MathF.Max(contour.X, pixels.X), MathF.Max(contour.Y, pixels.Y));
        return new Box(left, top, MathF.Min(contour.Right, pixels.Right) - left, MathF.Min(contour.Bottom, pixels.Bottom) - top);
    }
}
