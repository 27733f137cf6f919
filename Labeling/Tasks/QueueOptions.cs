using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Labeling.Tasks;

/// <summary>Section <c>Labeling:Queue</c>.</summary>
public sealed class QueueOptions
{
    /// <summary>How long a claimed task stays with its annotator without a heartbeat.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")] public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Share of the claims, [0, 1], that come from the evaluation lane while both lanes have tasks, so that holdouts fill too.</summary>
    [Range(0.0, 1.0)] public double EvaluationShare { get; set; } = 0.3;

    /// <summary>Detections from this confidence on are shown as pre-annotations.</summary>
    [Range(0.0, 1.0)] public double PreAnnotationConfidence { get; set; } = 0.25;
}

/// <summary>Section <c>Labeling:Review</c>.</summary>
public sealed class ReviewOptions
{
    /// <summary>Whether a second person must approve what an annotator submits.</summary>
    public bool Required { get; set; }
}
