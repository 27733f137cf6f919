using System.ComponentModel.DataAnnotations;
using RetrainLoop.Web.Loop.Policies;

namespace RetrainLoop.Web.Loop;

/// <summary>Section <c>Loop</c>.</summary>
public sealed class LoopOptions : IValidatableObject
{
    /// <summary>Seconds between two looks for arrows that are due, when no nudge comes before.</summary>
    [Range(0.1, 300)] public double PulseSeconds { get; set; } = 5;

    /// <summary>Milliseconds after a nudge during which further ones are taken as one.</summary>
    [Range(0, 10_000)] public double DebounceMilliseconds { get; set; } = 500;

    /// <summary>Jobs that run at once. Each costs one connection that listens.</summary>
    [Range(1, 32)] public int Workers { get; set; } = 4;

    /// <summary>Seconds between two looks at the recurring jobs: the finest that a cron with seconds can be.</summary>
    [Range(1, 60)] public double ScheduleSeconds { get; set; } = 5;

    /// <summary>Frames handed to Labeling at once.</summary>
    [Range(1, 1000)] public int SampleBatch { get; set; } = 50;

    /// <summary>Frames in one pre-annotation job.</summary>
    [Range(1, 1000)] public int PreAnnotationBatch { get; set; } = 100;

    /// <summary>Confidence above which pre-annotations are kept.</summary>
    [Range(0.001, 1)] public double PreAnnotationConfidence { get; set; } = 0.05;

    /// <summary>Accepted annotations are one batch until none came for this long.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")] public TimeSpan AnnotationPause { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Annotations wait at most this long for the end of their batch.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")] public TimeSpan AnnotationLongestWait { get; set; } = TimeSpan.FromHours(1);

    /// <summary>What deployments follow that have no policy of their own.</summary>
    public RetrainPolicy DefaultPolicy { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (DefaultPolicy.Refusal() is { } refusal) yield return new ValidationResult($"Loop:DefaultPolicy: {refusal}");
    }
}
