using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RetrainLoop.Tests.Web.Outside;

/// <summary>Inference: one deployment, models, detection jobs that finish at once or when the test says so, a rollout that obeys.</summary>
public sealed class OutsideInference(TimeProvider time)
{
    public static readonly ModelRef Champion = new("line", 1);
    readonly ConcurrentDictionary<string, DetectionJobInfo> jobs = new();
    readonly ConcurrentDictionary<string, ModelVersionInfo> registered = new();
    readonly ConcurrentDictionary<string, RolloutInfo> rollouts = new();
    readonly ConcurrentBag<string> samplings = [];
    readonly ConcurrentDictionary<Guid, bool> sampled = new();
    readonly ConcurrentBag<Guid> erased = [];

    public OutsideFeed Feed { get; } = new(time);

    public DeploymentInfo Deployment { get; private set; } = new(
        "line", Champion, null, null, 0, false, ["nut", "bolt"], 200, "Europe/Berlin", 0.25, [], new SamplingPolicy(), null, 1, default);

    /// <summary>What a detection job comes to; Running jobs are looked at again.</summary>
    public Func<DetectionJobRequest, DetectionJobState> JobState { get; set; } = _ => DetectionJobState.Succeeded;

    public bool RefusesRollouts { get; set; }
    public IEnumerable<RolloutInfo> Rollouts => rollouts.Values;
    public IEnumerable<DetectionJobInfo> Jobs => jobs.Values;
    public IReadOnlyCollection<string> SamplingsSet => samplings;

    public IEnumerable<string> Facts() =>
        [.. jobs.Keys.Select(key => $"job {key}"), .. registered.Keys.Select(key => $"model {key}"),
         .. rollouts.Values.Select(rollout => $"rollout {rollout.Key} {rollout.State}"), $"champion {Deployment.Champion}"];

    /// <summary>Frames that it was told to erase, of those sampled here.</summary>
    public IReadOnlyCollection<Guid> Erased => erased;

    public void Publish() => Feed.Append(ChangeKinds.DeploymentChanged, "line", Deployment);

    public Guid Sample()
    {
        var id = Guid.NewGuid();
        sampled[id] = true;
        Feed.Append(ChangeKinds.FrameSampled, id.ToString(), new SampledFrame(
            id, "line", $"frame-{id}", "north", "cam-1", time.GetUtcNow(), SampleReason.Random, Deployment.Champion,
            new ArtifactRef("http://inference/v1/blobs/a", "a", 1),
            640, 480, [], null, new ImageStatistics(100, 10, 50), time.GetUtcNow()));
        return id;
    }

    /// <summary>A person, or the breaker, moves the rollout.</summary>
    public RolloutInfo MoveRollout(Guid id, RolloutState state, string reason)
    {
        var (key, rollout) = rollouts.Single(pair => pair.Value.Id == id);
        var transition = new RolloutTransition($"{rollout.State}", $"{state}", reason, "somebody", time.GetUtcNow());
        var resumed = rollout.State == RolloutState.Paused && state == RolloutState.Running; // a resumed step bakes anew
        rollouts[key] = rollout with { State = state, StepStartedAt = resumed ? time.GetUtcNow() : rollout.StepStartedAt, Transitions = [.. rollout.Transitions, transition] };
        if (state is RolloutState.Succeeded or RolloutState.Aborted) Deployment = Deployment with { ActiveRollout = null };
        if (state == RolloutState.Succeeded) Promote(rollout);
        return rollouts[key];
    }

    /// <summary>A person sets the sampling.</summary>
    public void EditSampling(SamplingPolicy sampling) => Deployment = Deployment with { Sampling = sampling, Revision = Deployment.Revision + 1 };

    public void Map(RouteGroupBuilder inference)
    {
        inference.MapGet("/v1/changes", (string after, int limit, string kinds) => Feed.Read(after, limit, kinds));
        inference.MapGet("/v1/deployments", () => new[] { Deployment });
        inference.MapGet("/v1/deployments/{name}", (string name) => name == "line" ? Results.Ok(Deployment) : Results.NotFound());
        inference.MapDelete("/v1/frames/{id:guid}", (Guid id) =>
        {
            if (!sampled.ContainsKey(id)) return Results.Problem("There is no such frame.", statusCode: 404);
            erased.Add(id);
            return Results.NoContent();
        });
        inference.MapPut("/v1/deployments/line/sampling", (SamplingPolicy sampling) =>
        {
            samplings.Add($"{sampling.RandomPerCameraHour}");
            return Deployment = Deployment with { Sampling = sampling, Revision = Deployment.Revision + 1 };
        });
        inference.MapGet(
            "/v1/models/line/versions/{version}",
            (int version) => version == 1 ? Version(1, "first") : registered.Values.Single(model => model.Version == version));
        inference.MapPost(
            "/v1/models/from-artifacts",
            (ModelRegistration registration) => registered.GetOrAdd(registration.Key, key => Version(registered.Count + 2, key)));
        inference.MapPost(
            "/v1/detection-jobs",
            (DetectionJobRequest request) => jobs.AddOrUpdate(request.Key, _ => Job(request, Guid.NewGuid()), (_, job) => Job(request, job.Id)));
        inference.MapPost("/v1/rollouts", (RolloutRequest request) => RefusesRollouts
            ? Results.Problem("There is another rollout under way.", statusCode: 409)
            : Results.Ok(rollouts.GetOrAdd(request.Key, _ => Started(request))));
        inference.MapGet("/v1/rollouts/{id:guid}", (Guid id) => rollouts.Values.Single(rollout => rollout.Id == id));
        inference.MapPost("/v1/rollouts/{id:guid}/advance", (Guid id, RolloutAdvance advance) => Advance(id, advance));
        inference.MapPost("/v1/rollouts/{id:guid}/resume", (Guid id, RolloutCommand command) => MoveRollout(id, RolloutState.Running, command.Reason));
        inference.MapPost("/v1/rollouts/{id:guid}/abort", (Guid id, RolloutCommand command) => MoveRollout(id, RolloutState.Aborted, command.Reason));
    }

    DetectionJobInfo Job(DetectionJobRequest request, Guid id)
    {
        var state = JobState(request);
        return new DetectionJobInfo(
            id, request.Key, request.Model, request.Purpose, request.Deployment, state, 10, state == DetectionJobState.Succeeded ? 10 : 3,
            state == DetectionJobState.Succeeded ? new ArtifactRef($"http://inference/v1/blobs/{request.Key}", "b", 1) : null,
            state == DetectionJobState.Failed ? "out of memory" : null, time.GetUtcNow(), null);
    }

    ModelVersionInfo Version(int version, string sha256) => new(
        "line", version, sha256, DetectorHead.Yolov8, 256, ["nut", "bolt"], 32, new ArtifactRef("http://inference/v1/blobs/o", "o", 1),
        new ArtifactRef("http://inference/v1/blobs/c", "c", 1), true, new ModelLineage(), new Dictionary<string, double>(), 5, time.GetUtcNow());

    RolloutInfo Started(RolloutRequest request)
    {
        var started = new RolloutInfo(
            Guid.NewGuid(), request.Key, request.Deployment, request.Candidate, Deployment.Champion, RolloutState.Running, 0,
            request.Steps ?? [new(0, 10, 1), new(0.5, 10, 1)], time.GetUtcNow(), request.LoopRun, [], time.GetUtcNow(), null);
        Deployment = Deployment with { ActiveRollout = started.Id };
        return started;
    }

    IResult Advance(Guid id, RolloutAdvance advance)
    {
        var (key, rollout) = rollouts.Single(pair => pair.Value.Id == id);
        if (rollout.State != RolloutState.Running || rollout.Step != advance.ExpectedStep) return Results.Problem("The rollout is no longer on this step.", statusCode: 409);
        var last = rollout.Step == rollout.Steps.Count - 1;
        switch (advance.Verdict)
        {
            case Verdict.Passed when !last:
                rollouts[key] = rollout with { Step = rollout.Step + 1, StepStartedAt = time.GetUtcNow() };
                break;
            case Verdict.Passed: MoveRollout(id, RolloutState.Succeeded, advance.Reason); break;
            case Verdict.Failed: MoveRollout(id, RolloutState.Aborted, advance.Reason); break;
            case Verdict.Inconclusive: MoveRollout(id, RolloutState.Paused, advance.Reason); break;
        }
        return Results.Ok(rollouts[key]);
    }

    void Promote(RolloutInfo rollout)
    {
        Deployment = Deployment with { Champion = rollout.Candidate, Previous = rollout.Champion, Revision = Deployment.Revision + 1 };
        Publish();
    }
}
