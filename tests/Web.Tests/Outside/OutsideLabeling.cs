using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RetrainLoop.Tests.Web.Outside;

/// <summary>Labeling: samples become tasks when they are pre-annotated, and are annotated when the test says so.</summary>
public sealed class OutsideLabeling(TimeProvider time)
{
    readonly ConcurrentDictionary<Guid, bool> samples = new();
    readonly ConcurrentDictionary<string, int> preAnnotations = new();
    readonly ConcurrentDictionary<string, FreezeResult> frozen = new();
    readonly ConcurrentDictionary<string, DatasetVersionInfo> grown = new();
    readonly ConcurrentDictionary<string, DatasetVersionInfo> live = new();
    HoldoutsInfo holdouts = new(
        "line", Dataset("line-holdout", 1, DatasetRole.LockedHoldout, null), null, null, null, Dataset("line-training", 1, DatasetRole.Training, null));

    public OutsideFeed Feed { get; } = new(time);
    public FreezeReadiness Ready { get; set; } = new(0, 0, 0, 0);
    public bool KnowsTheDeployment { get; set; } = true;
    public IReadOnlyCollection<Guid> Samples => (IReadOnlyCollection<Guid>)samples.Keys;
    public int PreAnnotated => preAnnotations.Values.Sum();
    public void RemoveLockedHoldout() => holdouts = holdouts with { Locked = null };
    public void AssignLockedHoldout() => holdouts = holdouts with { Locked = Dataset("line-holdout", 1, DatasetRole.LockedHoldout, null) };

    /// <summary>A person's annotation is accepted.</summary>
    public void Accept() => Feed.Append(
        ChangeKinds.AnnotationAccepted, Guid.NewGuid().ToString(),
        new AnnotationAccepted(Guid.NewGuid(), Guid.NewGuid(), "line", SampleReason.Random, time.GetUtcNow(), "ann"));

    /// <summary>A person erases a frame.</summary>
    public void Erase(Guid frame) => Feed.Append(ChangeKinds.FrameErased, frame.ToString(), new FrameErased(frame, "a", time.GetUtcNow()));

    public IEnumerable<string> Facts() =>
        [.. frozen.Keys.Select(key => $"frozen {key}"), .. grown.Keys.Select(key => $"grown {key}"), .. live.Keys.Select(key => $"live {key}"),
         $"samples {samples.Count}", $"pre-annotated {PreAnnotated}"];

    public void Map(RouteGroupBuilder labeling)
    {
        labeling.MapGet("/v1/changes", (string after, int limit, string kinds) => Feed.Read(after, limit, kinds));
        labeling.MapPut("/v1/deployments/line", (LabelingDeployment _) => { });
        labeling.MapPost("/v1/samples", (SampleIntake intake) => KnowsTheDeployment ? Results.Ok(TakeIn(intake)) : Results.Problem("Unknown deployment.", statusCode: 404));
        labeling.MapPost("/v1/pre-annotations", (PreAnnotation preAnnotation) => { preAnnotations.TryAdd(preAnnotation.Key, 1); return new { tasks = 1 }; });
        labeling.MapGet("/v1/deployments/line/freeze-readiness", () => Ready);
        labeling.MapGet("/v1/deployments/line/holdouts", () => holdouts);
        labeling.MapPost("/v1/deployments/line/freeze", (FreezeRequest request) => frozen.GetOrAdd(request.Key, _ => Freeze(request)));
        labeling.MapPost("/v1/deployments/line/holdouts/locked/grow", (HoldoutRequest request) =>
        {
            grown.GetOrAdd(request.Key, _ => (holdouts = holdouts with
            {
                PreviousLocked = holdouts.Locked, Locked = Dataset("line-holdout", holdouts.Locked!.Version + 1, DatasetRole.LockedHoldout, request.LoopRun),
            }).Locked!);
            return holdouts;
        });
        labeling.MapPost("/v1/deployments/line/holdouts/live/refresh", (HoldoutRequest request) =>
        {
            live.GetOrAdd(
                request.Key,
                _ => (holdouts = holdouts with { Live = Dataset("line-live", live.Count + 1, DatasetRole.LiveHoldout, request.LoopRun) }).Live!);
            return holdouts;
        });
    }

    SampleIntakeResult TakeIn(SampleIntake intake)
    {
        var accepted = 0;
        foreach (var frame in intake.Frames)
        {
            if (!samples.TryAdd(frame.Id, true)) continue;
            accepted++;
            Feed.Append(
                ChangeKinds.SampleAccepted, frame.Id.ToString(),
                new SampleAccepted(frame.Id, frame.Deployment, new ManifestImage(frame.Id.ToString(), frame.Image), frame.Model, frame.Reason, frame.CapturedAt));
        }
        return new SampleIntakeResult(accepted, intake.Frames.Count - accepted, new Dictionary<string, string>());
    }

    FreezeResult Freeze(FreezeRequest request)
    {
        var training = Dataset("line-training", request.Base!.Version + 1, DatasetRole.Training, request.LoopRun) with { Parent = request.Base };
        holdouts = holdouts with { Training = training };
        return new FreezeResult(training, Dataset("line-recent", 1, DatasetRole.Recent, request.LoopRun));
    }

    static DatasetVersionInfo Dataset(string name, int version, DatasetRole role, string? loopRun) => new(
        name, version, $"hash-{name}-{version}", role, "line", ["nut", "bolt"], 10, 20, role == DatasetRole.Training ? 8 : 0,
        role == DatasetRole.Training ? 2 : 10, null, loopRun,
        $"http://labeling/{name}/{version}/manifest", $"http://labeling/{name}/{version}/ground-truth", $"http://labeling/{name}/{version}/export", default);
}
