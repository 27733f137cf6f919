using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Labeling.Ranking;

/// <summary>Section <c>Labeling:Ranking</c>.</summary>
public sealed class RankingOptions
{
    /// <summary>Detections below this confidence say nothing about a frame.</summary>
    [Range(0.0, 1.0)] public double MinimumConfidence { get; set; } = 0.05;

    /// <summary>Weight of 1 - 2 * margin: is there one detection on the fence?</summary>
    [Range(0.0, 100.0)] public double MarginWeight { get; set; } = 1;

    /// <summary>Weight of the class-weighted mean entropy over ln 2: how undecided are the detections on the whole?</summary>
    [Range(0.0, 100.0)] public double EntropyWeight { get; set; } = 1;

    /// <summary>Weight of the class-weighted mean of 1 - c.</summary>
    [Range(0.0, 100.0)] public double LeastConfidenceWeight { get; set; } = 1;

    /// <summary>Weights of classes by name, for example to see a rare class sooner; 1 where none is given.</summary>
    public Dictionary<string, double> ClassWeights { get; set; } = [];

    /// <summary>Priority, [0, 1], of a frame without detections: it is either empty or entirely missed, which confidences cannot tell.</summary>
    [Range(0.0, 1.0)] public double EmptyFramePriority { get; set; } = 0.3;
}
