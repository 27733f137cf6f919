using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using RetrainLoop.Inference.Deployments;

namespace RetrainLoop.Tests.Inference.Deployments;

/// <summary>A replica that was left alone in the middle of a rollout: database, Redis and Monitor are dead.</summary>
public sealed class AloneTests : IAsyncLifetime
{
    readonly PostgresServer postgres = new();
    readonly RedisServer redis = new();
    InferenceService inference = null!;
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        await postgres.InitializeAsync();
        await redis.InitializeAsync();
        inference = new InferenceService(postgres, redis);
        client = await inference.StartAsync(("Execution:StallMs", "150"));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create());
        await InferenceService.RegisterAsync(client, "fragile", TinyModel.Create(failsAbove: 6));
        await InferenceService.RegisterAsync(client, "slow", TinyModel.Create(products: 400));
        await InferenceService.DeployAsync(client, "errs", new DeploymentRequest("tiny", 1));
        await InferenceService.DeployAsync(client, "stalls", new DeploymentRequest("tiny", 1));
        await StartRolloutAsync("errs", new ModelRef("fragile", 1));
        await StartRolloutAsync("stalls", new ModelRef("slow", 1));
        await postgres.DisposeAsync();
        await redis.DisposeAsync();
        inference.Monitor.IsAway = true;
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Theory]
    [InlineData("errs", "fragile")]
    [InlineData("stalls", "slow")]
    public async Task Predict_CandidateFailsWithEverythingElseDead_IsAnsweredByTheChampion(string deployment, string candidate)
    {
        for (var frame = 0; frame < 30; frame++)
        {
            using var response = await client.SendAsync(
                InferenceService.Predict(deployment, TestImage.Gray(250), "", ("X-Frame-Id", $"frame {frame}")));
            Assert.Equal("tiny", (await InferenceService.ReadAsync<PredictResponse>(response)).Model.Name);
        }
        var serving = inference.Service.Services.GetRequiredService<DeploymentDirectory>().Find(deployment)!;
        Assert.Equal(candidate, serving.Candidate?.Info.Name); // it is still loaded, but
        Assert.False(serving.Guard.Allows()); // it is not asked any more
    }

    async Task StartRolloutAsync(string deployment, ModelRef candidate)
    {
        using var response = await client.PostAsJsonAsync(
            "/v1/rollouts", new RolloutRequest(deployment, deployment, candidate, [new RolloutStep(1, 3600, 0)]), ContractJson.Options);
        Assert.True(response.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
    }
}
