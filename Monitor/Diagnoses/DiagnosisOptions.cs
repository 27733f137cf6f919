using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Monitor.Diagnoses;

/// <summary>Section <c>Monitor:Diagnosis</c>.</summary>
public sealed class DiagnosisOptions
{
    /// <summary>A fall of detections per minute by more than this share is a volume drop.</summary>
    [Range(0.01, 1)] public double DetectionsPerMinuteDrop { get; set; } = 0.5;

    /// <summary>A fall of detections per request by more than this share is a volume drop; it does not follow the traffic, so it may be smaller.</summary>
    [Range(0.01, 1)] public double DetectionsPerRequestDrop { get; set; } = 0.3;
}
