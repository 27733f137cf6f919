using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;

namespace RetrainLoop.Tests.Inference.Deployments;

public sealed class SwapTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    readonly string blobs = Directory.CreateTempSubdirectory("retrainloop-blobs-").FullName;
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync(("Blobs:Root", blobs), ("Telemetry:Enabled", "false"));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create(variant: 1));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create(variant: 2));
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1));
    }

    public async ValueTask DisposeAsync()
    {
        await inference.DisposeAsync();
        Directory.Delete(blobs, recursive: true);
    }

    [Fact]
    public async Task Put_ForcedSwapsUnderLoad_FailNoRequestAndNeverMixModels()
    {
        using var done = new CancellationTokenSource();
        var answers = new ConcurrentBag<(int Version, float X)>();
        var image = TestImage.Gray(20);
        var callers = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                var response = await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict("line", image)));
                answers.Add((response.Model.Version, Assert.Single(response.Images[0].Boxes).X));
            }
        })).ToList();
        for (var swap = 0; swap < 20; swap++)
        {
            var seen = answers.Count;
            await InferenceService.DeployAsync(client, "line",
                new DeploymentRequest("tiny", swap % 2 == 0 ? 2 : 1, Force: true, Reason: "swap test"));
            await Eventually.TrueAsync(() => Task.FromResult(answers.Count > seen + 12 || callers.Any(caller => caller.IsFaulted)),
                "frames were answered after the swap");
        }
        await done.CancelAsync();
        await Task.WhenAll(callers);
        // The first box begins at 22 + variant: the model named is the one that computed.
        Assert.All(answers, answer => Assert.Equal(22 + answer.Version, answer.X, 0.01f));
        Assert.Equal([1, 2], answers.Select(answer => answer.Version).Distinct().Order());
    }

    [Fact]
    public async Task Put_ModelThatIsNotThere_KeepsTheOld()
    {
        var refusal = await client.PutAsJsonAsync(
            "/v1/deployments/line", new DeploymentRequest("tiny", 9, Force: true, Reason: "x"), ContractJson.Options);
        Assert.Contains("tiny v9", await InferenceService.RefusalAsync(refusal, HttpStatusCode.UnprocessableEntity));
        Assert.Equal(1, (await PredictAsync(client)).Model.Version);
    }

    [Fact]
    public async Task Put_OnOneReplica_ReachesTheOtherByNotice()
    {
        var other = await inference.StartAsync(("Blobs:Root", blobs), ("Telemetry:Enabled", "false"), ("Deployments:PollSeconds", "600"));
        await Eventually.TrueAsync(async () => (await other.SendAsync(InferenceService.Predict("line", TestImage.Gray(20)))).IsSuccessStatusCode,
            "the second replica serves");
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 2, Force: true, Reason: "converge"));
        await Eventually.TrueAsync(async () => (await PredictAsync(other)).Model.Version == 2, "the second replica heard of the change");
    }

    static async Task<PredictResponse> PredictAsync(HttpClient client) =>
        await InferenceService.ReadAsync<PredictResponse>(await client.SendAsync(InferenceService.Predict("line", TestImage.Gray(20))));
}
