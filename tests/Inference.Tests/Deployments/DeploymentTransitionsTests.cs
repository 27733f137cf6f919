using System.Net;
using System.Net.Http.Json;

namespace RetrainLoop.Tests.Inference.Deployments;

public sealed class DeploymentTransitionsTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    readonly InferenceService inference = new(postgres, redis);
    HttpClient client = null!;

    public async ValueTask InitializeAsync()
    {
        client = await inference.StartAsync(("Telemetry:Enabled", "false"));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create(variant: 1));
        await InferenceService.RegisterAsync(client, "tiny", TinyModel.Create(variant: 2));
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 1));
    }

    public ValueTask DisposeAsync() => inference.DisposeAsync();

    [Fact]
    public async Task List_ForcedChanges_AreToldNewestFirstWithReasonAndActor()
    {
        await ForceAsync(2, "the champion misses the new part");
        await InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", 2, LatencyBudgetMs: 90)); // the champion stays
        await ForceAsync(1, "back");
        var (first, second) = (new ModelRef("tiny", 1), new ModelRef("tiny", 2));
        var told = await ListAsync("");
        Assert.Equal(
            [(second, first, "back"), (first, second, "the champion misses the new part"), ((ModelRef?)null, first, "Without a reason.")],
            told.Select(change => (change.From, change.To, change.Reason)));
        Assert.All(told, change => Assert.NotEmpty(change.Actor));
        Assert.Equal(told.OrderByDescending(change => change.At), told);
        Assert.Equal("back", Assert.Single(await ListAsync("?limit=1")).Reason);
    }

    [Fact]
    public async Task List_UnknownDeploymentOrLimit_IsRefused()
    {
        Assert.Contains("no deployment 'nowhere'", await InferenceService.RefusalAsync(
            await client.GetAsync("/v1/deployments/nowhere/transitions"), HttpStatusCode.NotFound));
        Assert.Contains("'limit'", await InferenceService.RefusalAsync(
            await client.GetAsync("/v1/deployments/line/transitions?limit=0"), HttpStatusCode.BadRequest));
    }

    Task<DeploymentInfo> ForceAsync(int version, string reason) =>
        InferenceService.DeployAsync(client, "line", new DeploymentRequest("tiny", version, Force: true, Reason: reason));

    async Task<IReadOnlyList<DeploymentTransition>> ListAsync(string query) =>
        await InferenceService.ReadAsync<IReadOnlyList<DeploymentTransition>>(await client.GetAsync($"/v1/deployments/line/transitions{query}"));
}
