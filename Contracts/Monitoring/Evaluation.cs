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
public sealed record CategoryResult(int CategoryId, string Name, double Ap, double Ap50, double Ap75)
{
    public double ApSmall { get; init; } = -1;
    public double ApMedium { get; init; } = -1;
    public double ApLarge { get; init; } = -1;

    /// <summary>Average recall with at most 1, 10, 100 detections per image.</summary>
    public double Ar1 { get; init; } = -1;
    public double Ar10 { get; init; } = -1;
    public double Ar100 { get; init; } = -1;
    public int Objects { get; init; }
    public int Detections { get; init; }

    /// <summary>The confidence threshold at which F1 at IoU 0.50 is best; null without objects or detections.</summary>
    public OperatingPoint? BestF1 { get; init; }
}

/// <summary>Precision and recall when only detections of at least this confidence count, at IoU 0.50; fractions.</summary>
public sealed record OperatingPoint(double Confidence, double F1, double Precision, double Recall);

/// <summary>A precision-recall curve.</summary>
/// <param name="CategoryId">Null = the mean over classes that have objects.</param>
/// <param name="Precision">Interpolated precision at recalls 0, 0.01, ... 1.</param>
/// <param name="Confidence">The confidence at which each recall is reached; 0 where it never is. Empty for the mean.</param>
public sealed record PrecisionRecall(int? CategoryId, string Name, double Iou, IReadOnlyList<double> Precision, IReadOnlyList<double> Confidence);

/// <summary>Which class was taken for which, at one confidence and IoU; boxes are matched regardless of class, best confidence first.</summary>
/// <param name="Names">Classes in the order of rows and columns.</param>
/// <param name="Counts">Row = true class, column = predicted class; the last row and column stand for "nothing there" and "missed".</param>
public sealed record ConfusionMatrix(IReadOnlyList<string> Names, double Confidence, double Iou, IReadOnlyList<IReadOnlyList<int>> Counts);

/// <summary>One image at the best overall F1, IoU 0.50.</summary>
/// <param name="Key">Manifest key = COCO file name.</param>
public sealed record ImageMatch(long ImageId, string Key, int TruePositives, int FalsePositives, int Missed, IReadOnlyList<MatchedBox> Boxes);

/// <summary>A detection or an object of an image, pixels.</summary>
/// <param name="Kind"><c>truePositive, falsePositive</c> or <c>missed</c>.</param>
/// <param name="Confidence">Null for missed objects.</param>
/// <param name="IoU">With its object; null without one.</param>
public sealed record MatchedBox(
    string Kind, int CategoryId, double X, double Y, double Width, double Height, double? Confidence, double? IoU);

/// <summary>What lies behind an evaluation's figures.</summary>
/// <param name="Best">Confidence at which F1 over all classes is best.</param>
public sealed record EvaluationDetails(
    IReadOnlyList<CategoryResult> PerCategory, OperatingPoint? Best, IReadOnlyList<PrecisionRecall> PrecisionRecall, ConfusionMatrix Confusion,
    IReadOnlyList<ImageMatch> Images);

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
