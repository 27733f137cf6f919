using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Inference.DetectionJobs;

/// <summary>Section <c>DetectionJobs</c>.</summary>
public sealed class DetectionJobOptions
{
    /// <summary>Images whose detections are written together; a resumed job repeats at most these. A job that was begun keeps its own.</summary>
    [Range(1, 1000)] public int ChunkSize { get; set; } = 16;

    /// <summary>How long a job stays with a replica that shows no sign of life.</summary>
    [Range(1, 3600)] public double LeaseSeconds { get; set; } = 30;

    /// <summary>How often a replica looks for jobs that were given to others or abandoned.</summary>
    [Range(0.05, 600)] public double PollSeconds { get; set; } = 2;

    /// <summary>How long finished jobs and their results are kept; then the same key makes a new job.</summary>
    [Range(0.001, 3650)] public double RetentionDays { get; set; } = 30;

    /// <summary>How often old jobs are looked for.</summary>
    [Range(0.1, 86_400)] public double RetentionIntervalSeconds { get; set; } = 600;

    /// <summary>Tries to fetch an image while its owner is away, with a pause that doubles from a second.</summary>
    [Range(1, 20)] public int FetchAttempts { get; set; } = 6;
}
