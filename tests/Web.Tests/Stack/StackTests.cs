using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RetrainLoop.Tests.Web.Outside;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Tests.Web.Stack;

public sealed class StackTests(PostgresServer postgres, RedisServer redis) : IAsyncLifetime
{
    WebUnderTest web = null!;

    public async ValueTask InitializeAsync() => web = await WebUnderTest.StartAsync(await postgres.CreateDatabaseAsync(), redis.ConnectionString);

    public ValueTask DisposeAsync() => web.DisposeAsync();

    [Fact]
    public async Task Status_ServicesComeAndGo_SaysWhoIsAwayAndWhy()
    {
        var status = web.Get<StackStatus>();
        web.World.SetAway("monitor", true);
        web.World.Health["training"] = Results.Json(
            new { status = "Unhealthy", checks = new { keys = new { status = "Unhealthy", description = "No keys yet." } } }, statusCode: 503);
        await StateAsync("monitor", ComponentState.Away);
        await StateAsync("training", ComponentState.Starting);
        await StateAsync("inference", ComponentState.Up);
        Assert.Equal("No keys yet.", status["training"].Detail);
        Assert.Equal([.. OutsideWorld.Services, "postgres", "redis"], status.Components.Select(component => component.Name));
        web.World.SetAway("monitor", false);
        await StateAsync("monitor", ComponentState.Up);

        Task StateAsync(string name, ComponentState state) => Eventually.TrueAsync(() => Task.FromResult(status[name].State == state), $"{name} is {state}");
    }

    [Fact]
    public async Task Client_RefusalOrNoAnswer_BecomesASentenceThatSaysWhichItIs()
    {
        await using var scope = web.Get<IServiceScopeFactory>().CreateAsyncScope();
        var inference = scope.ServiceProvider.GetRequiredService<InferenceClient>();
        Assert.Null(await inference.FindDeploymentAsync("nobody", default));
        var rollout = await StartedAsync(inference);
        var refused = await Assert.ThrowsAsync<StackException>(
            () => inference.AdvanceRolloutAsync(rollout, new RolloutAdvance(5, Verdict.Passed, ""), default));
        Assert.Equal((HttpStatusCode.Conflict, false, "The rollout is no longer on this step."), (refused.StatusCode, refused.IsAway, refused.Detail));

        web.World.SetAway("inference", true);
        var silent = await Assert.ThrowsAsync<StackException>(() => inference.ResumeRolloutAsync(Guid.NewGuid(), "", null, default));
        Assert.True(silent.IsAway);
        Assert.StartsWith("inference does not answer", silent.Message);
    }

    static async Task<Guid> StartedAsync(InferenceClient inference) =>
        (await inference.StartRolloutAsync(new RolloutRequest("key", "line", new ModelRef("line", 2)), default)).Id;
}
