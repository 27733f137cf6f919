using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RetrainLoop.Tests.Web.Outside;

/// <summary>Training: each run stands where the test has set <see cref="State"/>.</summary>
public sealed class OutsideTraining(TimeProvider time)
{
    readonly ConcurrentDictionary<string, TrainingRunRequest> runs = new();
    readonly ConcurrentDictionary<Guid, string> keys = new();
    readonly ConcurrentDictionary<string, bool> cancelled = new();

    public OutsideFeed Feed { get; } = new(time);
    public TrainingRunState State { get; set; } = TrainingRunState.Succeeded;
    public IEnumerable<TrainingRunRequest> Requests => runs.Values;
    public IEnumerable<string> Cancelled => cancelled.Keys;

    public IEnumerable<string> Facts() => runs.Keys.Select(key => $"training {key}");

    public void Map(RouteGroupBuilder training)
    {
        training.MapGet("/v1/changes", (string after, int limit, string kinds) => Feed.Read(after, limit, kinds));
        training.MapPost("/v1/runs", (TrainingRunRequest request) =>
        {
            if (runs.TryAdd(request.Key, request)) keys[Guid.NewGuid()] = request.Key;
            return Info(keys.Single(pair => pair.Value == request.Key).Key);
        });
        training.MapGet("/v1/runs/{id:guid}", (Guid id) => Info(id));
        training.MapPost("/v1/runs/{id:guid}/cancel", (Guid id) => { cancelled[keys[id]] = true; });
    }

    TrainingRunInfo Info(Guid id)
    {
        var request = runs[keys[id]];
        var done = State == TrainingRunState.Succeeded;
        return new TrainingRunInfo(
            id, request.Key, request.ModelName, request.Dataset.Ref, request.Base, request.Hyperparameters, request.Deployment, request.LoopRun, State,
            [new EpochInfo(1, 1, 1, 1, 0.5, 0.4, 0.001, 3)], done ? 0 : 57, done ? new ArtifactRef("http://training/v1/blobs/o", "o", 1) : null,
            done ? new ArtifactRef("http://training/v1/blobs/c", "c", 1) : null, null, State == TrainingRunState.Failed ? "The loss became NaN." : null,
            time.GetUtcNow(), null, null);
    }
}
