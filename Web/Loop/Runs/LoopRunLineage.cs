namespace RetrainLoop.Web.Loop.Runs;

/// <summary>Everything that a pass was led by and brought about, by the ids under which its owner knows it.</summary>
public sealed record LoopRunLineage
{
    public Guid? Diagnosis { get; init; }
    public Guid? DriftReport { get; init; }
    /// <summary>Onset of the drift: frames captured since then are the new ones.</summary>
    public DateTimeOffset Since { get; init; }
    /// <summary>The champion when the pass began: it pre-annotates, is trained on from, and is what the candidate must beat.</summary>
    public required ModelRef Champion { get; init; }
    /// <summary>The sampling policy to return to; null once the deployment samples as before.</summary>
    public SamplingPolicy? SamplingBefore { get; init; }
    public bool SamplingRaised { get; init; }
    /// <summary>When the raised sampling was worked out; null in passes that began before it was remembered.</summary>
    public DateTimeOffset? SamplingRaisedAt { get; init; }
    public DatasetVersionInfo? Training { get; init; }
    public DatasetVersionInfo? Recent { get; init; }
    public Guid? TrainingRun { get; init; }
    public ModelRef? Candidate { get; init; }
    /// <summary>The locked holdout that the gate used.</summary>
    public DatasetVersionInfo? LockedHoldout { get; init; }
    public Guid? Validation { get; init; }
    public Judgement? Judgement { get; init; }
    public Guid? Rollout { get; init; }
    /// <summary>The step on which the rollout was paused and a person was asked; accepting lets an inconclusive analysis of this step pass.</summary>
    public int? PausedStep { get; init; }
    public Guid? Baseline { get; init; }
    /// <summary>The locked holdout after it grew.</summary>
    public DatasetVersionInfo? GrownHoldout { get; init; }
    public DatasetVersionInfo? LiveHoldout { get; init; }
    /// <summary>The holdouts on which the new champion was scored after the rollout.</summary>
    public IReadOnlyList<DatasetRef> Evaluated { get; init; } = [];
    /// <summary>What was measured on the way, oldest first.</summary>
    public IReadOnlyList<LoopRunMeasurement> Measurements { get; init; } = [];
}

/// <summary>One model's mAP@0.5:0.95 on one dataset version, as fractions; the bounds are those of the 95 % bootstrap interval.</summary>
/// <param name="Purpose"><c>locked-holdout, recent, live-holdout</c>.</param>
public sealed record LoopRunMeasurement(
    ModelRef Model, DatasetRef Dataset, string Purpose, double MeanAveragePrecision, double? Low, double? High, DateTimeOffset At);
