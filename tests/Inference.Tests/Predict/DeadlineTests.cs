using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Predict.Annotation;
using RetrainLoop.Tests.Inference.Execution;

namespace RetrainLoop.Tests.Inference.Predict;

public sealed class DeadlineTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync(("Execution:DeadlineMs", "100"), ("Execution:Workers", "1"));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create());
        await InferenceService.RegisterAsync(client, "slow", TinyModel.Create(products: 1000));
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1));
        await InferenceService.DeployAsync(client, "slow", new DeploymentRequest("slow", 1));
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Fact]
    public async Task Predict_LongerThanTheDeadline_Is504CountedAndFreesTheWorker()
    {
        using var response = await client.SendAsync(InferenceService.Predict("slow", TestImage.Gray(20)));
        Assert.Contains("within 0.1 s", await InferenceService.RefusalAsync(response, HttpStatusCode.GatewayTimeout));
        // The run is ended, not only its answer: the only worker takes the next frame long before the slow model would be through.
        await Eventually.TrueAsync(async () => (await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(20)))).IsSuccessStatusCode,
            "the worker is free");
        await Eventually.TrueAsync(() => Task.FromResult(inference.Monitor.Batches.SelectMany(batch => batch.Series)
            .Any(series => series.Deployment == "slow" && series.Outcomes.GetValueOrDefault(RequestOutcome.Timeout) == 1)), "the timeout is counted");
    }

    [Fact]
    public async Task Predict_CandidateThatNeverBegan_IsNoStall()
    {
        var candidate = await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create(variant: 1));
        await InferenceService.ReadAsync<RolloutInfo>(await client.PostAsJsonAsync(
            "/v1/rollouts", new RolloutRequest("tiny", "line", candidate.Ref, [new RolloutStep(1, 3600, 0)]), ContractJson.Options));
        var busy = await BlockingWork.OccupyAsync(inference.Service.Services.GetRequiredService<FrameQueue>(), 1);
        using var late = await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(20)));
        Assert.Equal(HttpStatusCode.GatewayTimeout, late.StatusCode);
        busy[0].LetGo();
        PredictResponse? answer = null;
        await Eventually.TrueAsync(async () =>
        {
            using var response = await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(20)));
            return response.IsSuccessStatusCode && (answer = await InferenceService.ReadAsync<PredictResponse>(response)) is not null;
        }, "the worker is free");
        Assert.Equal(candidate.Ref, answer!.Model); // the load opened no breaker
    }

    [Fact]
    public async Task Predict_AnnotatedWhileOthersAreDrawn_Is504AtTheDeadline()
    {
        var turns = inference.Service.Services.GetRequiredService<AnnotatedImages>().Turns;
        var taken = 0;
        while (await turns.WaitAsync(0)) taken++;
        await Eventually.TrueAsync(async () =>
        {
            using var late = await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(20), "?annotate=true"));
            return (await InferenceService.RefusalAsync(late, HttpStatusCode.GatewayTimeout)).Contains("within 0.1 s", StringComparison.Ordinal);
        }, "the picture is too late");
        turns.Release(taken);
        await Eventually.TrueAsync(async () => (await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(20), "?annotate=true")))
            .IsSuccessStatusCode, "a picture is drawn in time");
    }
}
