using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Drift;

namespace RetrainLoop.Monitor.Diagnoses;

/// <summary>How mAP on fresh labels reads. Unknown also when it fell, but no further than its interval allows by chance.</summary>
public enum MapReading { Unknown, Holding, Dropped }

/// <summary>What the facts say, one reading each.</summary>
/// <param name="Confidence">Level of the confidence signal; Inconclusive also when it was never compared.</param>
/// <param name="BoxSize">Level of the box area signal.</param>
/// <param name="Downtrend">mAP fell three weeks in a row, by more than noise together.</param>
public readonly record struct Readings(
    DriftLevel Confidence, DriftLevel BoxSize, MapReading Map, bool VolumeDropped, bool LatencyOver, bool Downtrend = false);

/// <summary>The decision table of the README. Pure; rows are tried from the top.</summary>
public static class DecisionTable
{
    public static (DiagnosisAction Action, string Summary) Decide(Readings r) => r switch
    {
        { Confidence: DriftLevel.Drift, Map: MapReading.Unknown } => (DiagnosisAction.LabelFirst,
            "Confidences shifted, and no labels since then say whether the model is still right. Label sampled frames first."),
        { Confidence: DriftLevel.Drift, Map: MapReading.Dropped } => (DiagnosisAction.Retrain, r.BoxSize == DriftLevel.Drift
            ? "Confidences and box sizes shifted and mAP dropped. Check that no camera moved, then retrain."
            : "Confidences shifted and mAP dropped: the world left the training data. Retrain."),
        { Confidence: DriftLevel.Drift, BoxSize: DriftLevel.Drift } => (DiagnosisAction.InvestigateCamera,
            "Confidences and box sizes shifted while mAP holds. A camera moved or its lens changed: investigate it."),
        { Confidence: DriftLevel.Drift } => (DiagnosisAction.Watch,
            "Confidences shifted, but mAP on fresh labels holds. Watch; there is nothing to repair yet."),
        { BoxSize: DriftLevel.Drift } => (DiagnosisAction.InvestigateCamera, r.Map == MapReading.Dropped
            ? "Box sizes shifted and mAP dropped while confidences hold. Investigate the camera first; retrain only if the new view is meant to stay."
            : r.VolumeDropped ? "Box sizes shifted and detections fell while confidences show no shift. A camera zoomed, moved or lost a part of its view: investigate it."
            : "Box sizes shifted while confidences hold. A camera moved or its lens changed: investigate it."),
        { Map: MapReading.Dropped } => (DiagnosisAction.Retrain,
            "mAP on the live holdout dropped with no shift to see. Check the newest labels, then retrain."),
        { VolumeDropped: true, LatencyOver: true } => (DiagnosisAction.Hardware,
            "Latency is over its budget and detections fell with it: requests are being lost. Look at the machine and the load."),
        { VolumeDropped: true } => (DiagnosisAction.Investigate,
            "Fewer detections while what is detected looks as before: a bug, a camera offline or a quiet scene. Investigate."),
        { LatencyOver: true } => (DiagnosisAction.Hardware,
            "Latency is over its budget and everything else is as before. Look at the machine and the load."),
        { Downtrend: true } => (DiagnosisAction.Watch,
            "mAP on the live holdout fell three weeks in a row, by more than noise, though no week alone dropped enough. Watch, and label more of the newest frames."),
        { Confidence: DriftLevel.Inconclusive } or { BoxSize: DriftLevel.Inconclusive } => (DiagnosisAction.Inconclusive,
            "There is not enough data yet to compare with a locked baseline."),
        _ => (DiagnosisAction.Healthy, "Nothing that matters changed."),
    };
}
