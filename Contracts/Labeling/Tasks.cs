namespace RetrainLoop.Contracts;

/// <summary>What Labeling needs to know of a deployment.</summary>
/// <param name="Slot">Frames of one camera are assigned to training or evaluation by slots of this length, so that neighbours never split.</param>
/// <param name="EvaluationShare">Share of the slots, [0, 1], kept for evaluation.</param>
public sealed record LabelingDeployment(
    IReadOnlyList<string> ClassNames, string Zone, double? SlotSeconds = null, double? EvaluationShare = null);

/// <summary>Hands sampled frames over; each is taken in once, by its id.</summary>
public sealed record SampleIntake(IReadOnlyList<SampledFrame> Frames);

/// <param name="Accepted">Newly taken in.</param>
/// <param name="Known">Had been taken in before.</param>
/// <param name="Refused">Frame id and reason, for example a near duplicate.</param>
public sealed record SampleIntakeResult(int Accepted, int Known, IReadOnlyDictionary<string, string> Refused);

/// <summary>A frame that is now Labeling's own copy and waits for pre-annotation.</summary>
public sealed record SampleAccepted(Guid Frame, string Deployment, ManifestImage Image, ModelRef SampledBy, SampleReason Reason, DateTimeOffset CapturedAt);

/// <summary>Brings a finished detection job's artifact; its frames become tasks, ranked by uncertainty.</summary>
public sealed record PreAnnotation(string Key, string Deployment, ModelRef Model, ArtifactRef Detections);

/// <summary>A labelled box, pixels of the oriented image.</summary>
public sealed record LabelBox(int Class, float X, float Y, float Width, float Height)
{
    public Box ToBox() => new(X, Y, Width, Height);
}

public enum LabelTaskState { Waiting, Leased, Review, Accepted, Skipped }

/// <summary>Claims the most useful waiting task. 204 when there is none.</summary>
public sealed record ClaimRequest(string? Deployment = null);

/// <summary>A frame to label.</summary>
/// <param name="Lease">Sent back with each change of the task while it is leased.</param>
/// <param name="ETag">Sent in If-Match on submit.</param>
/// <param name="PreAnnotations">What the model saw; accept, change or delete.</param>
/// <param name="Draft">Boxes saved before, when there are some.</param>
public sealed record LabelTask(
    Guid Id, string Deployment, Guid Frame, string FrameId, string Camera, string Region, DateTimeOffset CapturedAt, SampleReason Reason,
    LabelTaskState State, double Priority, ArtifactRef Image, int Width, int Height, IReadOnlyList<string> ClassNames,
    IReadOnlyList<Detection> PreAnnotations, IReadOnlyList<LabelBox>? Draft, IReadOnlyList<LabelBox>? Boxes,
    Guid? Lease, DateTimeOffset? LeaseUntil, string ETag, string? Annotator);

/// <summary>The body of draft and submit.</summary>
public sealed record LabelSubmission(Guid Lease, IReadOnlyList<LabelBox> Boxes);

/// <summary>The body of skip and heartbeat (reason unused there).</summary>
public sealed record LeaseCommand(Guid Lease, string? Reason = null);

public sealed record AnnotationAccepted(Guid Task, Guid Frame, string Deployment, SampleReason Reason, DateTimeOffset CapturedAt, string Annotator);

/// <summary>How many tasks stand where.</summary>
public sealed record QueueInfo(string? Deployment, int Waiting, int Leased, int Review, int Accepted, int Skipped, int AwaitingPreAnnotation);
