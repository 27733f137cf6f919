using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Labeling.Deployments;

/// <summary>Section <c>Labeling:Split</c>: what a deployment gets that does not say otherwise.</summary>
public sealed class SplitOptions
{
    /// <summary>Length of a slot in seconds. Frames of one camera within one slot look alike and are never split.</summary>
    [Range(1, 86400)] public double SlotSeconds { get; set; } = 600;

    /// <summary>Share of the slots, [0, 1], whose random frames are kept for evaluation.</summary>
    [Range(0.0, 1.0)] public double EvaluationShare { get; set; } = 0.3;

    /// <summary>Share of the training slots, [0, 1], that the trainer validates its epochs on.</summary>
    [Range(0.0, 1.0)] public double ValidationShare { get; set; } = 0.15;
}
