using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using RetrainLoop.Inference.Deployments;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Tests.Inference.Execution;

namespace RetrainLoop.Tests.Inference.Rollouts;

/// <summary>What a candidate that only gets copies of frames may cost, and what is counted of it.</summary>
public sealed class ShadowTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync(("Execution:Workers", "2"), ("Execution:StallMs", "150"));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create(variant: 1));
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1));
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Fact]
    public async Task Predict_ShadowThatStalls_IsEndedCountedOnceAndPaused()
    {
        await ShadowAsync("slow", TinyModel.Create(products: 400));
        for (var frame = 0; frame < 5; frame++) await PredictAsync(); // all are copied before the first one has stalled
        await Eventually.TrueAsync(() => Task.FromResult(Count(ModelSlot.Shadow, RequestOutcome.Timeout) == 1), "the stall is counted");
        Assert.True(inference.Service.Services.GetRequiredService<DeploymentDirectory>().Find("line")!.Guard.IsOpen);
        for (var frame = 0; frame < 5; frame++) await PredictAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Count(ModelSlot.Champion, RequestOutcome.Ok) == 10), "the champion's answers are counted");
        Assert.Equal(1, Enum.GetValues<RequestOutcome>().Sum(outcome => Count(ModelSlot.Shadow, outcome)));
    }

    [Fact]
    public async Task Predict_ShadowThatWaitedForLiveFrames_CountsItsOwnTimeOnly()
    {
        await ShadowAsync("tiny", TinyModel.Create(variant: 2));
        var busy = await BlockingWork.OccupyAsync(inference.Service.Services.GetRequiredService<FrameQueue>(), 2);
        var answer = PredictAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(400), TimeProvider.System, TestContext.Current.CancellationToken);
        foreach (var work in busy) work.LetGo();
        await answer;
        await Eventually.TrueAsync(() => Task.FromResult(Count(ModelSlot.Shadow, RequestOutcome.Ok) == 1), "the shadow's frame is counted");
        await Eventually.TrueAsync(() => Task.FromResult(Count(ModelSlot.Champion, RequestOutcome.Ok) == 1), "the champion's frame is counted");
        Assert.Equal(SignalBins.Latency.IndexOf(0), Bin(ModelSlot.Shadow, "queue"));
        // Both waited for the same workers; the champion's caller did so too.
        Assert.True(Bin(ModelSlot.Shadow, "total") < Bin(ModelSlot.Champion, "queue"), "the shadow's total holds the wait");
        Assert.True(Bin(ModelSlot.Shadow, "total") >= Bin(ModelSlot.Shadow, "inference"), "the shadow's total lacks its work");
    }

    async Task ShadowAsync(string name, byte[] onnx)
    {
        var model = await InferenceService.RegisterAsync(client, name, onnx);
        await InferenceService.ReadAsync<RolloutInfo>(await client.PostAsJsonAsync(
            "/v1/rollouts", new RolloutRequest("shadow", "line", model.Ref, [new RolloutStep(0, 3600, 0)]), ContractJson.Options));
    }

    async Task PredictAsync() =>
        await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(20))));

    IEnumerable<SeriesSecond> Seconds(ModelSlot slot) =>
        inference.Monitor.Batches.SelectMany(batch => batch.Series).Where(series => series.Deployment == "line" && series.Slot == slot);

    long Count(ModelSlot slot, RequestOutcome outcome) => Seconds(slot).Sum(series => series.Outcomes.GetValueOrDefault(outcome));

    /// <summary>The latency bin of a stage's only measurement.</summary>
    int Bin(ModelSlot slot, string stage) => Assert.Single(Seconds(slot).Where(series => series.StageMs.ContainsKey(stage)).SelectMany(
        series => series.StageMs[stage].Bins));
}
