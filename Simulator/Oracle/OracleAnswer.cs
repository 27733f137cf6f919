using RetrainLoop.Simulator.Frames;
using RetrainLoop.Simulator.Scenes;

namespace RetrainLoop.Simulator.Oracle;

/// <summary>What the oracle says to a task: the true boxes, or why it cannot know them.</summary>
public sealed record OracleAnswer(IReadOnlyList<LabelBox>? Boxes, string? SkipReason)
{
    public static OracleAnswer To(LabelTask task)
    {
        if (Truth.OfFrame(task.FrameId) is not { } truth)
            return new(null, $"The oracle knows the truth of the sample line's frames only; '{task.FrameId}' is not one of them.");
        if ((task.Width, task.Height) != (truth.Width, truth.Height))
            return new(null, $"The picture has {task.Width}x{task.Height} pixels, the line's frames have {truth.Width}x{truth.Height}.");
        var classes = Part.ClassNames.Select(name => task.ClassNames.ToList().IndexOf(name)).ToList();
        return classes.Contains(-1)
            ? new(null, $"The deployment has no class for {string.Join(", ", Part.ClassNames.Where((_, index) => classes[index] < 0))}.")
            : new([.. truth.Boxes.Select(box => box with { Class = classes[box.Class] })], null);
    }
}
