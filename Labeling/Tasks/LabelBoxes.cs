namespace RetrainLoop.Labeling.Tasks;

/// <summary>Checks boxes that a person drew.</summary>
public static class LabelBoxes
{
    /// <summary>Pixels by which a box may stick out, as rounding in an editor makes it; it is clipped.</summary>
    public const float Tolerance = 1;

    public const int MaximumCount = 2000;

    /// <returns>The boxes clipped to the image, or a sentence that names the first wrong box (counted from 1).</returns>
    public static (IReadOnlyList<LabelBox>? Boxes, string? Problem) Check(
        IReadOnlyList<LabelBox>? boxes, IReadOnlyList<string> classNames, int width, int height)
    {
        if (boxes is null) return (null, "The body needs 'boxes'; send an empty list when the frame shows no object.");
        if (boxes.Count > MaximumCount) return (null, $"A frame takes at most {MaximumCount} boxes.");
        var clipped = new List<LabelBox>(boxes.Count);
        foreach (var box in boxes)
        {
            if (ProblemOf(box, classNames.Count, width, height) is { } problem) return (null, $"Box {clipped.Count + 1} {problem}.");
            var inside = box.ToBox().ClipTo(width, height);
            if (inside.Width <= 0 || inside.Height <= 0) return (null, $"Box {clipped.Count + 1} lies outside the image.");
            clipped.Add(new LabelBox(box.Class, inside.X, inside.Y, inside.Width, inside.Height));
        }
        return (clipped, null);
    }

    static string? ProblemOf(LabelBox box, int classes, int width, int height) =>
        box.Class < 0 || box.Class >= classes ? $"has class {box.Class}; the classes are 0 to {classes - 1}"
        : !float.IsFinite(box.X) || !float.IsFinite(box.Y) || !float.IsFinite(box.Width) || !float.IsFinite(box.Height)
            ? "has a coordinate that is no number"
        : box.Width <= 0 || box.Height <= 0 ? "has no size; width and height are greater than 0"
        : box.X < -Tolerance || box.Y < -Tolerance || box.ToBox().Right > width + Tolerance || box.ToBox().Bottom > height + Tolerance
            ? $"reaches beyond the image of {width} x {height} pixels"
        : null;
}
