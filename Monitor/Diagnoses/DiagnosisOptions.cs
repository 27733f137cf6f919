using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Monitor.Diagnoses;

/// <summary>Section <c>Monitor:Diagnosis</c>.</summary>
public sealed class DiagnosisOptions
{
    internal const string Section = "Monitor:Diagnosis", FormerDrop = $"{Section}:MeanAveragePrecisionDrop";

    /// <summary>Why Monitor does not start: a limit that somebody chose would else be passed over in silence.</summary>
    internal const string FormerDropIsSet =
        $"{FormerDrop} is no longer read: set Monitor:Evaluation:HoldoutDrop to its value instead, by which alerts and the holdout page go too, and remove it.";

    /// <summary>A fall of detections per minute by more than this share is a volume drop.</summary>
    [Range(0.01, 1)] public double DetectionsPerMinuteDrop { get; set; } = 0.5;

    /// <summary>A fall of detections per request by more than this share is a volume drop; it does not follow the traffic, so it may be smaller.</summary>
    [Range(0.01, 1)] public double DetectionsPerRequestDrop { get; set; } = 0.3;
}
