using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RetrainLoop.Tests.Browser.Fakes;

static class FakeMonitor
{
    public static void Map(WebApplication app, FakeLine line)
    {
        app.MapGet("/v1/deployments/{name}/summary", (string name) => Results.Ok(name == "weld-seam" ? Silent(line, name) : Summary(line, name)));
        app.MapGet("/v1/deployments/{name}/evaluations", (string name) => Enumerable.Range(0, 12).Select(week =>
            Evaluation(line.Now.AddDays(-7 * (11 - week)), 0.742 - 0.004 * week - (week > 9 ? 0.035 : 0))));
        app.MapGet("/v1/deployments/{name}/baselines", () => new[] { Baseline(line) });
        app.MapPost("/v1/deployments/{name}/baselines", () => Baseline(line));
        app.MapGet("/v1/telemetry/replicas", () => new[] { Replica(line, "inference-1", 0.04, corrected: false), Replica(line, "inference-2", -42, corrected: true) });
        app.MapGet("/v1/validations/{id:guid}", (Guid id) => Validation(line, id));
        app.MapPost("/v1/deployments/{name}/rollout-analyses", () => new Judgement(Verdict.Inconclusive, "Too few requests on this step yet.", []));
    }

    static DeploymentSummary Summary(FakeLine line, string name) => new(
        name, line.Now, name == FakeLine.Name ? 4.62 : 1.08, new Dictionary<string, double> { ["50"] = 61.3, ["95"] = name == FakeLine.Name ? 138.2 : 74.5, ["99"] = 171.9 }, 0.0042,
        6.41, 1776, 0.614, new Dictionary<string, double> { ["munich"] = 0.52, ["detroit"] = 0.31, ["suzhou"] = 0.17 }, Baseline(line),
        name == FakeLine.Name ? Drift(line) : null, name == FakeLine.Name ? Diagnosis(line) : null, Evaluation(line.Now.AddHours(-3), 0.667), name == FakeLine.Name ? 1 : 0, 1.4);

    // It serves, and no frame ever came.
    static DeploymentSummary Silent(FakeLine line, string name) => new(name, line.Now, 0, null, null, null, null, null, new Dictionary<string, double>(), null, null, null, null, 0, null);

    static TelemetryReplica Replica(FakeLine line, string name, double clockSkew, bool corrected) =>
        new(name, Guid.Empty, line.Now.AddSeconds(-0.6), false, line.Now.AddSeconds(-1), 1.6, 4.2, clockSkew, corrected);

    static BaselineInfo Baseline(FakeLine line) => new(
        FakeLine.Baseline, "initial", FakeLine.Name, FakeLine.Champion, BaselineState.Locked, line.Now.AddDays(-9), line.Now.AddDays(-8), 1, 41_288, 262_104, null, 0.742);

    static DriftReport Drift(FakeLine line) => new(
        Guid.NewGuid(), FakeLine.Name, FakeLine.Champion, FakeLine.Baseline, line.Now.AddHours(-1), line.Now, DriftLevel.Drift,
        [
            new("confidence", DriftLevel.Drift, 0.231, 1e-40, 0.31, 0.09, 262_104, 9_120, 388, 0.0008, 0.741, 0.614, "Confidence fell."),
            new("boxArea", DriftLevel.Stable, 0.041, 0.02, 0.01, 0.002, 262_104, 9_120, 402, 0.41, 0.031, 0.032, "Unchanged."),
        ],
        null, line.Now.AddMinutes(-8));

    static Diagnosis Diagnosis(FakeLine line) => new(
        Guid.NewGuid(), FakeLine.Name, FakeLine.Champion, DiagnosisAction.Retrain,
        "Confidence shifted and mAP on the live holdout fell by 7.5 points: retrain on recent frames.", [], null, line.Now.AddHours(-2), line.Now.AddMinutes(-8));

    static EvaluationInfo Evaluation(DateTimeOffset at, double map) => new(
        Guid.NewGuid(), "live", FakeLine.Name, FakeLine.Champion, new DatasetRef("line-live", 12), "live-holdout",
        [map, map + 0.2, map + 0.05, -1, map, map, 0.3, 0.7, 0.75, -1, 0.7, 0.8], map - 0.02, map + 0.02, [], 264, 1_604, 1_655, at);

    static ValidationReport Validation(FakeLine line, Guid id) => new(
        id, "loop:gate", FakeLine.Name, FakeLine.Candidate, FakeLine.Champion,
        new PairedResult(new DatasetRef("line-holdout", 1), 300, 0.751, 0.742, 0.009, -0.004, 0.021),
        new PairedResult(new DatasetRef("line-recent", 2), 128, 0.716, 0.641, 0.075, 0.041, 0.108),
        new Judgement(Verdict.Passed, "Better on both sets; the gain on recent frames is beyond chance.",
        [
            new("recent", Verdict.Passed, 0.075, 0, 0.041, 0.108, "points", "Recent frames: +7.5 points, interval +4.1 to +10.8 excludes 0."),
            new("lockedHoldout", Verdict.Passed, 0.009, -0.01, -0.004, 0.021, "points", "Locked holdout: +0.9 points, interval −0.4 to +2.1 excludes a loss of 1 point."),
        ]), null, line.Now.AddMinutes(-30));
}
