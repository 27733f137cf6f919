using System.Globalization;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Diagnoses;

/// <summary>What a diagnosis points at and what a person can do next. Pure.</summary>
static class DiagnosisSteps
{
    const int MostCarriers = 10, MostCameras = 3, UsualLabels = 200;

    /// <summary>Cameras and classes that carry what drifted, each once with its strongest share.</summary>
    public static IReadOnlyList<DriftCarrier> Carriers(DiagnosisFacts facts) =>
        [.. (facts.Drift?.Signals ?? []).Where(signal => signal.Level == DriftLevel.Drift).SelectMany(signal => signal.Carriers)
            .GroupBy(carrier => (carrier.Dimension, carrier.Name)).Select(same => same.MaxBy(carrier => carrier.Share)!)
            .OrderByDescending(carrier => carrier.Share).Take(MostCarriers)];

    /// <summary>The next steps for an action, most useful first.</summary>
    public static IReadOnlyList<DiagnosisStep> Of(
        DiagnosisAction action, DiagnosisFacts facts, IReadOnlyList<DriftCarrier> carriers, DiagnosisOptions options) => action switch
    {
        DiagnosisAction.Watch => [Runbook(facts.Holdout?.Verdict.Downtrend == true ? "holdout-trend" : "drift-confidence"), Label(facts)],
        DiagnosisAction.LabelFirst => [Label(facts), .. Sample(facts), Runbook("drift-confidence")],
        DiagnosisAction.Retrain => [new(DiagnosisStepKind.StartLoop, "Start the loop", ""), .. Sample(facts), Runbook("holdout-drop")],
        DiagnosisAction.InvestigateCamera =>
            [.. Inspect(carriers.Where(carrier => carrier.Dimension == "camera").Select(carrier => carrier.Name)), Runbook("drift-box-size"), .. Sample(facts)],
        DiagnosisAction.Investigate => [.. Inspect(Quiet(facts.Volume.Cameras, options.DetectionsPerMinuteDrop)), Runbook("detection-drop"), .. Sample(facts)],
        DiagnosisAction.Hardware => [Runbook("latency-p95")],
        _ => [],
    };

    /// <summary>Cameras whose detections fell by more than this share, the largest loss first.</summary>
    public static IReadOnlyList<string> Quiet(IReadOnlyList<CameraVolume>? cameras, double drop) =>
        [.. (cameras ?? []).Where(camera => camera.Now < camera.Baseline * (1 - drop)).OrderByDescending(camera => camera.Baseline - camera.Now)
            .Select(camera => camera.Camera).Take(MostCameras)];

    static IEnumerable<DiagnosisStep> Inspect(IEnumerable<string> cameras) =>
        cameras.Take(MostCameras).Select(camera => new DiagnosisStep(DiagnosisStepKind.InspectCamera, $"Look at {camera}", camera));

    static DiagnosisStep Runbook(string name) => new(DiagnosisStepKind.OpenRunbook, "Open the runbook", name);

    static IEnumerable<DiagnosisStep> Sample(DiagnosisFacts facts) =>
        facts.Drift is { } report ? [new(DiagnosisStepKind.SampleFrames, "Sample the frames that show it", report.Id.ToString())] : [];

    /// <summary>As many frames as an interval takes that tells a drop from noise.</summary>
    static DiagnosisStep Label(DiagnosisFacts facts)
    {
        var frames = facts.Holdout?.Labels?.MoreImages is > 0 and var more ? more : UsualLabels;
        return new DiagnosisStep(DiagnosisStepKind.Label, string.Create(CultureInfo.InvariantCulture, $"Label {frames} frames"), frames.ToString(CultureInfo.InvariantCulture));
    }
}
