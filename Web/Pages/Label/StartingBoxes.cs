namespace RetrainLoop.Web.Pages.Label;

/// <summary>The boxes with which work on a frame begins.</summary>
public static class StartingBoxes
{
    /// <summary>
    /// The saved draft, in which a box that still equals one of the model's stays a suggestion; without a draft all of the model's boxes.
    /// </summary>
    public static IReadOnlyList<EditorBox> Of(LabelTask task) => task.Draft is { } draft
        ? [.. draft.Select((box, index) => FromDraft(index, box, task.PreAnnotations))]
        : [.. task.PreAnnotations.Select((seen, index) =>
            new EditorBox(index + 1, seen.Class, seen.X, seen.Y, seen.Width, seen.Height, Math.Round(seen.Confidence, 4), Confirmed: false))];

    static EditorBox FromDraft(int index, LabelBox box, IReadOnlyList<Detection> seen)
    {
        var same = seen.FirstOrDefault(detection => detection.Class == box.Class && IsSame(detection, box));
        return new EditorBox(index + 1, box.Class, box.X, box.Y, box.Width, box.Height, same is null ? null : Math.Round(same.Confidence, 4), Confirmed: same is null);
    }

    static bool IsSame(Detection seen, LabelBox box)
    {
        const float slack = 0.01f; // pixels; JSON rounds floats
        return MathF.Abs(seen.X - box.X) < slack && MathF.Abs(seen.Y - box.Y) < slack
            && MathF.Abs(seen.Width - box.Width) < slack && MathF.Abs(seen.Height - box.Height) < slack;
    }
}
