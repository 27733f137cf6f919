using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RetrainLoop.Tests.Web.Outside;

/// <summary>Monitor: baselines that lock when the test says so, one drift report, judgements as the test wishes them.</summary>
public sealed class OutsideMonitor(TimeProvider time)
{
    readonly ConcurrentDictionary<string, BaselineInfo> baselines = new();
    readonly ConcurrentDictionary<string, EvaluationInfo> evaluations = new();
    readonly ConcurrentDictionary<string, ValidationReport> validations = new();
    readonly ConcurrentDictionary<string, DeploymentInfo> deployments = new();

    public OutsideFeed Feed { get; } = new(time);
    public DriftReport? Drift { get; private set; }

    /// <summary>What Monitor finds when it is asked to look; null = there is no locked baseline to compare with.</summary>
    public DiagnosisAction? Finds { get; set; }
    public Verdict Gate { get; set; } = Verdict.Passed;
    public Verdict Analysis { get; set; } = Verdict.Passed;
    public bool RefusesAnalyses { get; set; }
    public IEnumerable<BaselineInfo> Baselines => baselines.Values;
    public ConcurrentBag<RolloutAnalysisRequest> Analyses { get; } = [];

    public IEnumerable<string> Facts() =>
        [.. baselines.Keys.Select(key => $"baseline {key}"), .. evaluations.Keys.Select(key => $"evaluation {key}"),
         .. validations.Keys.Select(key => $"validation {key}"), .. deployments.Keys.Select(key => $"monitored {key}")];

    public Diagnosis MakeDiagnosis(DiagnosisAction action)
    {
        Drift = DriftNow();
        var diagnosis = new Diagnosis(
            Guid.NewGuid(), "line", OutsideInference.Champion, action, "Confidence fell.", [], Drift.Id, Drift.From, time.GetUtcNow());
        Feed.Append(ChangeKinds.DiagnosisMade, diagnosis.Id.ToString(), diagnosis);
        return diagnosis;
    }

    DriftReport DriftNow() => new(
        Guid.NewGuid(), "line", OutsideInference.Champion, Guid.NewGuid(), time.GetUtcNow().AddMinutes(-10), time.GetUtcNow(), DriftLevel.Drift,
        [new SignalDrift("confidence", DriftLevel.Drift, 0.3, 1e-9, 0.4, 0.1, 1000, 300, 100, 1e-6, 0.8, 0.5, "moved down")],
        new LikelihoodRatioTable(OutsideInference.Champion, new Dictionary<string, IReadOnlyList<double>> { ["confidence"] = [1, -1] }), time.GetUtcNow());

    /// <summary>The signs of life of recurring jobs, by name.</summary>
    public ConcurrentDictionary<string, ScheduleHeartbeat> Schedules { get; } = new();

    /// <summary>Whether baselines have collected enough.</summary>
    public bool BaselinesLock { get; set; }

    public void Map(RouteGroupBuilder monitor)
    {
        monitor.MapGet("/v1/changes", (string after, int limit, string kinds) => Feed.Read(after, limit, kinds));
        monitor.MapPut("/v1/deployments/line", (DeploymentInfo deployment) => { deployments[deployment.Name] = deployment; });
        monitor.MapGet("/v1/schedules", () => Schedules.Select(schedule => new ScheduleInfo(schedule.Key, schedule.Value, time.GetUtcNow(), null)));
        monitor.MapPut("/v1/schedules/{name}", (string name, ScheduleHeartbeat heartbeat) => { Schedules[name] = heartbeat; });
        monitor.MapDelete("/v1/schedules/{name}", (string name) => Schedules.TryRemove(name, out _) ? Results.NoContent() : Results.NotFound());
        monitor.MapGet("/v1/deployments/line/baselines", () => baselines.Values.Select(Now));
        monitor.MapPost("/v1/deployments/line/baselines", (BaselineRequest request) => Now(baselines.GetOrAdd(request.Key, key =>
            new BaselineInfo(
                Guid.NewGuid(), key, "line", request.Model, BaselineState.Collecting, time.GetUtcNow(), null, 0.2, 10, 20, request.LoopRun, null))));
        monitor.MapPost(
            "/v1/deployments/line/drift-reports",
            () => Finds is null ? Results.Problem("There is no locked baseline yet.", statusCode: 409) : Results.Ok(Drift = DriftNow()));
        monitor.MapPost("/v1/deployments/line/diagnoses", () => MakeDiagnosis(Finds!.Value));
        monitor.MapGet("/v1/deployments/line/drift-reports", () => Drift is null ? Array.Empty<DriftReport>() : [Drift]);
        monitor.MapGet("/v1/deployments/line/diagnoses", () => Array.Empty<Diagnosis>());
        monitor.MapPost("/v1/evaluations", (EvaluationRequest request) => evaluations.GetOrAdd(request.Key, key => new EvaluationInfo(
            Guid.NewGuid(), key, "line", request.Model, request.Dataset, request.Purpose, [0.6, .. Enumerable.Repeat(0.5, 11)], 0.55, 0.65, [], 10, 20,
            30, time.GetUtcNow())));
        monitor.MapPost("/v1/validations", (ValidationRequest request) => validations.GetOrAdd(request.Key, key => new ValidationReport(
            Guid.NewGuid(), key, "line", request.Candidate, request.Champion, Paired(request.LockedHoldout), Paired(request.Recent),
            new Judgement(Gate, "as the test wishes", []), request.LoopRun, time.GetUtcNow())));
        monitor.MapPost("/v1/deployments/line/rollout-analyses", (RolloutAnalysisRequest request) =>
        {
            if (RefusesAnalyses) return Results.Problem("The deployment is unknown there.", statusCode: 404);
            Analyses.Add(request);
            return Results.Ok(new Judgement(Analysis, "as the test wishes", []));
        });
    }

    BaselineInfo Now(BaselineInfo baseline) => BaselinesLock ? baseline with { State = BaselineState.Locked, Progress = 1, LockedAt = time.GetUtcNow() } : baseline;

    static PairedResult Paired(PairedDetections pair) => new(pair.Dataset, 10, 0.6, 0.4, 0.2, 0.1, 0.3);
}
