using RetrainLoop.Simulator.Scenes;

namespace RetrainLoop.Simulator.Frames;

/// <summary>What is really in a frame, recomputed from its id alone.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Boxes">Visible extents inside the frame; classes index <see cref="Part.ClassNames"/>.</param>
public sealed record Truth(int Width, int Height, IReadOnlyList<LabelBox> Boxes)
{
    /// <summary>The truth of a frame; null when the id is not one of this line's.</summary>
    public static Truth? OfFrame(string? frameId) => FrameId.Parse(frameId) is { } id ? Of(Scene.Of(id)) : null;

    public static Truth Of(Scene scene) => new(LineCamera.FrameWidth, LineCamera.FrameHeight,
        [.. scene.Labels.Select(label => new LabelBox((int)label.Part.Kind, label.Box.X, label.Box.Y, label.Box.Width, label.Box.Height))]);
}
