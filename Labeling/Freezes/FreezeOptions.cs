using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Labeling.Freezes;

/// <summary>Section <c>Labeling:Freeze</c>.</summary>
public sealed class FreezeOptions
{
    /// <summary>The newest frames that a recent set takes at most.</summary>
    [Range(1, 100000)] public int RecentMaximum { get; set; } = 500;

    /// <summary>The newest frames that one freeze adds to a training set at most.</summary>
    [Range(1, 1000000)] public int TrainingMaximum { get; set; } = 20000;
}
