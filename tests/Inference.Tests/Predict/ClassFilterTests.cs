using System.Net;
using System.Net.Http.Json;

namespace RetrainLoop.Tests.Inference.Predict;

/// <summary>The query's classes while a candidate answers that numbers its classes otherwise than the champion.</summary>
public sealed class ClassFilterTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync();
        await InferenceService.RegisterAsync(client, "old", TinyModel.Create(metadataNames: "{0: 'person', 1: 'car'}"));
        await InferenceService.RegisterAsync(client, "new", TinyModel.Create(metadataNames: "{0: 'truck', 1: 'person'}"));
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("old", 1));
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Theory]
    [InlineData("person", "person")]
    [InlineData("Person", "person")]
    [InlineData("0", "person")] // an index is one of the champion's
    [InlineData("truck", "truck")] // known to the candidate alone
    [InlineData("car", "")] // known to the champion alone
    [InlineData("1", "")]
    [InlineData("0,truck", "person truck")]
    public async Task Predict_CandidateAnswers_FiltersByName(string classes, string expected)
    {
        using var started = await client.PostAsJsonAsync(
            "/v1/rollouts", new RolloutRequest("new", "line", new ModelRef("new", 1), [new RolloutStep(1, 3600, 0)]), ContractJson.Options);
        await InferenceService.ReadAsync<RolloutInfo>(started);
        var answer = await PredictAsync(classes);
        Assert.Equal("new", answer.Model.Name);
        Assert.Equal(expected, string.Join(' ', answer.Images[0].Boxes.Select(box => box.Name).Order()));
        Assert.Contains("'lorry'", await InferenceService.RefusalAsync(await SendAsync("person,lorry"), HttpStatusCode.BadRequest));
        Assert.Contains("indices from 0 to 1", await InferenceService.RefusalAsync(await SendAsync("2"), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Predict_ChampionAnswers_FiltersByNameOrIndex()
    {
        Assert.Equal("car", Assert.Single((await PredictAsync("1")).Images[0].Boxes).Name);
        Assert.Equal("car", Assert.Single((await PredictAsync("CAR")).Images[0].Boxes).Name);
        Assert.Contains("'truck'", await InferenceService.RefusalAsync(await SendAsync("truck"), HttpStatusCode.BadRequest)); // without a candidate
    }

    async Task<PredictResponse> PredictAsync(string classes) => await InferenceService.ReadAsync<PredictResponse>(await SendAsync(classes));

    Task<HttpResponseMessage> SendAsync(string classes) =>
        client.SendAsync(InferenceService.Predict("line", TestImage.Gray(128), $"?classes={classes}"));
}
