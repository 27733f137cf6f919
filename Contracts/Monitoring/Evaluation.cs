namespace RetrainLoop.Contracts;

/// <summary>
/// Scores detections of a model version on a dataset version by the COCO protocol. Images are matched by manifest key = COCO
/// <c>file_name</c>, classes by name. The same key answers with the evaluation it already made.
/// </summary>
/// <param name="GroundTruth">URI of the dataset version's COCO JSON.</param>
/// <param name="Purpose">For example <c>live-holdout, locked-holdout, recent</c>.</param>
public sealed record EvaluationRequest(
    string Key, ModelRef Model, DatasetRef Dataset, string GroundTruth, ArtifactRef Detections, string Purpose, string? Deployment = null);

/// <summary>Average precision and recall of one class, fractions; -1 = undefined.</summary>
public sealed record CategoryResult(int CategoryId, string Name, double Ap, double Ap50, double Ap75);

/// <summary>A finished evaluation.</summary>
/// <param name="Stats">AP, AP50, AP75, APsmall, APmedium, APlarge, AR1, AR10, AR100, ARsmall, ARmedium, ARlarge; -1 = undefined.</param>
/// <param name="Low">Lower bound of the 95 % bootstrap interval of AP over images.</param>
public sealed record EvaluationInfo(
    Guid Id, string Key, string? Deployment, ModelRef Model, DatasetRef Dataset, string Purpose, IReadOnlyList<double> Stats,
    double? Low, double? High, IReadOnlyList<CategoryResult> PerCategory, int Images, int Objects, int Detections, DateTimeOffset At);

/// <summary>Ground truth of a dataset and what two models saw on it.</summary>
public sealed record PairedDetections(DatasetRef Dataset, string GroundTruth, ArtifactRef Candidate, ArtifactRef Champion);

/// <summary>
/// Asks for the gate's judgement: both point estimates up, the recent interval (paired bootstrap over images) excludes 0, the holdout interval
/// excludes a loss of 1 point; strict demands that both intervals exclude 0. The same key answers with the report it already made.
/// </summary>
public sealed record ValidationRequest(
    string Key, string Deployment, ModelRef Candidate, ModelRef Champion, PairedDetections LockedHoldout, PairedDetections Recent,
    bool Strict = false, string? LoopRun = null);

/// <summary>AP of both models on one dataset and the paired difference candidate - champion with its 95 % interval.</summary>
public sealed record PairedResult(
    DatasetRef Dataset, int Images, double Candidate, double Champion, double Difference, double Low, double High);

public sealed record ValidationReport(
    Guid Id, string Key, string Deployment, ModelRef Candidate, ModelRef Champion, PairedResult LockedHoldout, PairedResult Recent,
    Judgement Judgement, string? LoopRun, DateTimeOffset At);

/// <summary>Asks Monitor to compare the candidate with the champion over a step of a rollout.</summary>
public sealed record RolloutAnalysisRequest(
    Guid Rollout, ModelRef Candidate, ModelRef Champion, ModelSlot CandidateSlot, DateTimeOffset From, DateTimeOffset To, int MinimumRequests);
