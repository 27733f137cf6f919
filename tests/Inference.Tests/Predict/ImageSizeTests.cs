using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Tests.Inference.Predict;

/// <summary>Callers that choose a size other than the model's.</summary>
public sealed class ImageSizeTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync(("Telemetry:Enabled", "false"));
        await InferenceService.RegisterAsync(client, "dynamic", new TinyDetector(TinyHead.EndToEnd) { Size = -1 }.ToOnnx());
        await InferenceService.RegisterAsync(client, "fixed", new TinyDetector(TinyHead.EndToEnd).ToOnnx());
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Fact]
    public async Task Predict_SizeThatTheCandidateCannotTake_IsAnsweredByTheChampion()
    {
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("dynamic", 1));
        using var rollout = await client.PostAsJsonAsync("/v1/rollouts",
            new RolloutRequest("line", "line", new ModelRef("fixed", 1), [new RolloutStep(1, 3600, 0)]), ContractJson.Options);
        Assert.True(rollout.IsSuccessStatusCode, await rollout.Content.ReadAsStringAsync());
        await Eventually.TrueAsync(async () => await AnswererAsync("") == "fixed", "the candidate answers");
        Assert.Equal("dynamic", await AnswererAsync("?imgsz=128"));
        Assert.Equal("dynamic", await AnswererAsync("?imgsz=128")); // now it is known
    }

    [Fact]
    public async Task Predict_SizeThatTheChampionCannotTake_IsRefusedEachTime()
    {
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("fixed", 1));
        for (var time = 0; time < 2; time++)
            Assert.Contains("has a fixed input of 64 pixels", await InferenceService.RefusalAsync(
                await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(51), "?imgsz=128")), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Predict_TooLargeOrWithoutTheFile_SaysWhatToDo()
    {
        var model = await InferenceService.ReadAsync<ModelVersionInfo>(await client.GetAsync("/v1/models/dynamic/versions/1"));
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("dynamic", 1));
        Assert.Contains("'imgsz' is at most 128 for dynamic v1", await InferenceService.RefusalAsync(
            await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(51), "?imgsz=4096")), HttpStatusCode.BadRequest));
        await inference.Service.Services.GetRequiredService<BlobStore>().DeleteAsync(model.Sha256, default);
        using var response = await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(51), "?imgsz=128"));
        Assert.Contains("or leave 'imgsz' out", await InferenceService.RefusalAsync(response, HttpStatusCode.ServiceUnavailable));
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal("dynamic", await AnswererAsync("")); // at its own size it is in memory
    }

    async Task<string> AnswererAsync(string query) => (await InferenceService.ReadAsync<PredictResponse>(
        await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(51), query)))).Model.Name;
}
