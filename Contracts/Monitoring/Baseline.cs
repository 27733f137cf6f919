namespace RetrainLoop.Contracts;

public enum BaselineState { Collecting, Locked, Superseded }

/// <summary>Starts collecting a baseline for a deployment and model version; the same key answers with the one it already made.</summary>
/// <param name="From">Start of the window; earlier telemetry is not used. Default: now.</param>
public sealed record BaselineRequest(string Key, ModelRef Model, DateTimeOffset? From = null, string? LoopRun = null);

/// <summary>A baseline: the window of telemetry that later windows are compared with.</summary>
/// <param name="Progress">Share in [0, 1] of the collection that is done (time and minimum requests, the lesser).</param>
/// <param name="MeanAveragePrecision">mAP@0.5:0.95 on the live holdout at the lock (fraction), once measured.</param>
public sealed record BaselineInfo(
    Guid Id, string Key, string Deployment, ModelRef Model, BaselineState State, DateTimeOffset From, DateTimeOffset? LockedAt,
    double Progress, long Requests, long Detections, string? LoopRun, double? MeanAveragePrecision);
