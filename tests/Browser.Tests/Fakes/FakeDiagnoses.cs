using Microsoft.AspNetCore.Builder;

namespace RetrainLoop.Tests.Browser.Fakes;

/// <summary>Diagnoses of the line: retrain now, label first before, healthy before that.</summary>
public sealed class FakeDiagnoses(FakeLine line)
{
    /// <summary>How often somebody asked for a diagnosis.</summary>
    public int Asked { get; private set; }

    internal void Map(WebApplication app)
    {
        app.MapGet("/v1/deployments/{name}/diagnoses", (string name) => name == "weld-seam" ? [] : All());
        app.MapPost("/v1/deployments/{name}/diagnoses", () =>
        {
            Asked++;
            return All()[0];
        });
    }

    public IReadOnlyList<Diagnosis> All() =>
    [
        Of(1, DiagnosisAction.Retrain, "Confidence shifted and mAP on the live holdout fell by 6.5 points: retrain on recent frames.", 0.13) with
        {
            Certainty = "confidence moved by 0.18 with adjusted p 0.0008 on 41 effective values; the mAP interval −9.1 to −3.8 points excludes noise.",
            Occasion = DiagnosisOccasion.Annotations, UnchangedSince = line.Now.AddHours(-2),
            Carriers = [new("camera", "munich-cam-2", 0.41, 0.0006, 0.61), new("class", "nut", 0.33, 0.001, 0.48)],
            Actions =
            [
                new(DiagnosisStepKind.StartLoop, "Start the loop", ""), new(DiagnosisStepKind.SampleFrames, "Sample these frames", ""),
                new(DiagnosisStepKind.InspectCamera, "Look at munich-cam-2", "munich-cam-2"), new(DiagnosisStepKind.Label, "Label 1,257 frames", "1257"), new(DiagnosisStepKind.OpenRunbook, "Open the runbook", "drift-confidence"),
            ],
            Evidence =
            [
                new("confidence", Verdict.Failed, 0.614, 0.741, null, null, "mean", "Confidence moved by 0.18, over 0.10, in two windows in a row."),
                new("boxArea", Verdict.Inconclusive, 0.031, 0.034, null, null, "mean", "Boxes are as large as ever, as far as six blocks can tell."),
                new("classMix", Verdict.Passed, null, null, null, null, "mean", "The mix of classes is as it was."),
                new("liveHoldoutMap", Verdict.Failed, 0.450, 0.515, 0.424, 0.477, "fraction", "More than 1 points under the value at the baseline. The interval excludes noise."),
                new("detectionsPerMinute", Verdict.Passed, 1776, 1900, null, null, "1/min", "-7 % against the baseline; a fall of more than 50 % is a drop."),
                new("detectionsPerRequest", Verdict.Passed, 3.7, 3.9, null, null, "1/request", "-5 % against the baseline; a fall of more than 30 % is a drop."),
                new("latencyP95", Verdict.Passed, 138.2, 200, null, null, "ms", "p95 over the window against the deployment's budget."),
            ],
        },
        Of(2, DiagnosisAction.LabelFirst, "Confidence shifted; mAP is unknown since the newest labels are two weeks old. 180 labelled frames would settle it.", 2.2),
        Of(3, DiagnosisAction.Watch, "Confidence shifted, mAP holds: nothing to do but watch.", 26),
        Of(4, DiagnosisAction.Healthy, "Nothing moved.", 50),
    ];

    Diagnosis Of(int number, DiagnosisAction action, string summary, double hoursAgo) => new(
        new Guid(number, 7, 7, new byte[8]), FakeLine.Name, FakeLine.Champion, action, summary, [], number == 1 ? FakeDrift.Newest : null, number < 3 ? line.Now.AddHours(-hoursAgo - 2) : null, line.Now.AddHours(-hoursAgo));
}
