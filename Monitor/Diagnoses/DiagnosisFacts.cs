using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Diagnoses;

/// <summary>mAP of the champion on the live holdout, fractions.</summary>
/// <param name="Low">95 % interval of <paramref name="Value"/>, when it was computed.</param>
/// <param name="Verdict">What the whole curve says, with the value at the baseline's lock and the change since then.</param>
/// <param name="Labels">How many more labelled frames would tell a drop from noise.</param>
public sealed record HoldoutFact(double Value, double? Low, double? High, DateTimeOffset At, HoldoutVerdict Verdict, LabelsNeeded? Labels = null);

/// <summary>Traffic of the current window beside the baseline's.</summary>
/// <param name="LatencyP95">ms; null without requests.</param>
/// <param name="Cameras">The same per camera.</param>
public sealed record VolumeFact(
    double? DetectionsPerMinute, double? BaselinePerMinute, double? DetectionsPerRequest, double? BaselinePerRequest, double? LatencyP95, double LatencyBudgetMs,
    IReadOnlyList<CameraVolume>? Cameras = null);

/// <summary>Detections per minute of one camera, in the baseline and now.</summary>
public sealed record CameraVolume(string Camera, double Baseline, double Now);

/// <summary>Everything that a diagnosis rests on.</summary>
/// <param name="Drift">Null when no drift was evaluated against the current baseline.</param>
/// <param name="Since">Start of the first window of the present run of drift reports; null without drift.</param>
/// <param name="Holdout">The newest live-holdout evaluation of the champion.</param>
public sealed record DiagnosisFacts(DriftReport? Drift, DateTimeOffset? Since, HoldoutFact? Holdout, VolumeFact Volume);
