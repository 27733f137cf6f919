namespace RetrainLoop.Web.Pages.Label;

/// <summary>A box as <c>wwwroot/label</c> holds it; pixels of the image.</summary>
/// <param name="Confidence">The model's; null for a box that a person drew.</param>
/// <param name="Confirmed">A person drew, changed or accepted it; otherwise it is the model's suggestion.</param>
public sealed record EditorBox(int Id, int Class, float X, float Y, float Width, float Height, double? Confidence, bool Confirmed)
{
    public LabelBox ToLabelBox() => new(Class, X, Y, Width, Height);
}

/// <summary>What the editor reports after each step.</summary>
/// <param name="Frame">Id of the task that the boxes belong to: a late report must not reach the next frame.</param>
/// <param name="Selected">Id of a box.</param>
/// <param name="ActiveClass">Class that the next box gets.</param>
/// <param name="Zoom">1 = the whole frame.</param>
public sealed record EditorState(Guid Frame, IReadOnlyList<EditorBox> Boxes, int? Selected, int ActiveClass, bool CanUndo, bool CanRedo, double Zoom)
{
    public static EditorState Empty { get; } = new(Guid.Empty, [], null, 0, false, false, 1);

    /// <summary>Suggestions that nobody looked at yet.</summary>
    public int Suggestions => Boxes.Count(box => !box.Confirmed);

    public IReadOnlyList<LabelBox> ToLabels() => [.. Boxes.Select(box => box.ToLabelBox())];
}
