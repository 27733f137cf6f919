using RetrainLoop.Web.Loop;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Tests.Web.Loop;

/// <summary>Rollouts that a person began, without a pass of the loop.</summary>
public sealed class FollowRolloutTests(PostgresServer postgres) : IAsyncLifetime
{
    LoopUnderTest loop = null!;

    public async ValueTask InitializeAsync() => loop = await LoopUnderTest.StartAsync(await postgres.CreateDatabaseAsync());

    public ValueTask DisposeAsync() => loop.DisposeAsync();

    [Fact]
    public async Task Turn_StepsPass_AdvancesEachAfterItsBakeTimeToTheEnd()
    {
        await StartAsync();
        Assert.False(await loop.Get<FollowRollout>().AnyBakedAsync(default));
        await loop.TurnAsync<FollowRollout>();
        Assert.Equal((0, 0), (Rollout.Step, loop.World.Monitor.Analyses.Count));

        await BakeAsync();
        Assert.Equal((RolloutState.Running, 1), (Rollout.State, Rollout.Step));
        await BakeAsync();
        Assert.Equal(RolloutState.Succeeded, Rollout.State);
        Assert.Equal([ModelSlot.Candidate, ModelSlot.Shadow], loop.World.Monitor.Analyses.Select(analysis => analysis.CandidateSlot).Order());
        Assert.Equal("Nothing to do.", await loop.TurnAsync<FollowRollout>());
    }

    [Fact]
    public async Task Turn_StepFails_Aborts()
    {
        loop.World.Monitor.Analysis = Verdict.Failed;
        await StartAsync();
        await BakeAsync();
        Assert.Equal(RolloutState.Aborted, Rollout.State);
    }

    [Fact]
    public async Task Turn_StaysInconclusive_PausesAfterItsPatienceAndGoesOnWhenResumed()
    {
        loop.World.Monitor.Analysis = Verdict.Inconclusive;
        await StartAsync();
        await BakeAsync();
        Assert.Equal(RolloutState.Running, Rollout.State);
        loop.Time.Advance(TimeSpan.FromMinutes(31));
        await BakeAsync();
        Assert.Equal(RolloutState.Paused, Rollout.State);
        Assert.False(await loop.Get<FollowRollout>().AnyBakedAsync(default));

        loop.World.Inference.MoveRollout(Rollout.Id, RolloutState.Running, "quiet night, go on");
        await BakeAsync();
        Assert.Equal((RolloutState.Running, 1), (Rollout.State, Rollout.Step));
    }

    [Fact]
    public async Task Turn_PausedByAPersonAndResumed_StillHasItsPatience()
    {
        loop.World.Monitor.Analysis = Verdict.Inconclusive;
        await StartAsync();
        loop.World.Inference.MoveRollout(Rollout.Id, RolloutState.Paused, "lunch");
        loop.World.Inference.MoveRollout(Rollout.Id, RolloutState.Running, "back");
        await BakeAsync();
        Assert.Equal((RolloutState.Running, 0), (Rollout.State, Rollout.Step));
    }

    [Fact]
    public async Task Turn_RolloutOfAPass_IsLeftToThePass()
    {
        await StartAsync(loopRun: Guid.NewGuid().ToString());
        await BakeAsync();
        Assert.Equal(0, Rollout.Step);
    }

    RolloutInfo Rollout => loop.World.Inference.Rollouts.Single();

    Task StartAsync(string? loopRun = null) => loop.Get<InferenceClient>().StartRolloutAsync(
        new RolloutRequest("web:1", "line", new ModelRef("line", 2), null, loopRun), TestContext.Current.CancellationToken, "ann");

    async Task BakeAsync()
    {
        loop.Time.Advance(TimeSpan.FromSeconds(11));
        await loop.TurnAsync<FollowRollout>();
    }
}
