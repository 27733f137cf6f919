using System.Text.Json;

namespace RetrainLoop.Contracts;

/// <summary>One fact that a service published in the transaction that made it true.</summary>
/// <param name="Cursor">Position in the feed: read the next page with <c>after=</c> this value.</param>
/// <param name="Kind">See <see cref="ChangeKinds"/>.</param>
/// <param name="Subject">The id of what changed.</param>
/// <param name="Data">What a reader needs to act without asking back; one of the records of this assembly.</param>
public sealed record Change(string Cursor, string Kind, string Subject, DateTimeOffset At, JsonElement Data)
{
    /// <summary>The payload as the record that <see cref="Kind"/> stands for.</summary>
    public T Read<T>() => Data.Deserialize<T>(ContractJson.Options)
        ?? throw new JsonException($"The change {Cursor} of kind {Kind} carries no {typeof(T).Name}.");
}

/// <summary>A page of the feed, oldest first. <paramref name="Next"/> repeats the request's cursor when the page is empty.</summary>
public sealed record ChangePage(IReadOnlyList<Change> Changes, string Next);

/// <summary>Kinds of changes, in the order in which a pass of the loop makes them. The payload record stands behind each.</summary>
public static class ChangeKinds
{
    /// <summary><see cref="DeploymentInfo"/></summary>
    public const string DeploymentChanged = "deployment.changed";
    /// <summary><see cref="ModelVersionInfo"/></summary>
    public const string ModelRegistered = "model.registered";
    /// <summary><see cref="DriftReport"/></summary>
    public const string DriftEvaluated = "drift.evaluated";
    /// <summary><see cref="Diagnosis"/></summary>
    public const string DiagnosisMade = "diagnosis.made";
    /// <summary><see cref="AlertInfo"/></summary>
    public const string AlertChanged = "alert.changed";
    /// <summary><see cref="SampledFrame"/></summary>
    public const string FrameSampled = "frame.sampled";
    /// <summary><see cref="RetrainLoop.Contracts.FrameErased"/></summary>
    public const string FrameErased = "frame.erased";
    /// <summary><see cref="SampleAccepted"/></summary>
    public const string SampleAccepted = "sample.accepted";
    /// <summary><see cref="DetectionJobInfo"/></summary>
    public const string DetectionJobFinished = "detection-job.finished";
    /// <summary><see cref="AnnotationAccepted"/></summary>
    public const string AnnotationAccepted = "annotation.accepted";
    /// <summary><see cref="DatasetVersionInfo"/></summary>
    public const string DatasetFrozen = "dataset.frozen";
    /// <summary><see cref="HoldoutsInfo"/></summary>
    public const string HoldoutsChanged = "holdouts.changed";
    /// <summary><see cref="TrainingRunInfo"/></summary>
    public const string TrainingRunFinished = "training-run.finished";
    /// <summary><see cref="EvaluationInfo"/></summary>
    public const string EvaluationCompleted = "evaluation.completed";
    /// <summary><see cref="ValidationReport"/></summary>
    public const string ValidationCompleted = "validation.completed";
    /// <summary><see cref="RolloutInfo"/></summary>
    public const string RolloutChanged = "rollout.changed";
    /// <summary><see cref="BaselineInfo"/></summary>
    public const string BaselineChanged = "baseline.changed";
}
