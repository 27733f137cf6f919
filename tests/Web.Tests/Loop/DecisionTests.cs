using RetrainLoop.Tests.Web.Outside;
using RetrainLoop.Web.Loop;
using RetrainLoop.Web.Loop.Runs;

namespace RetrainLoop.Tests.Web.Loop;

/// <summary>Where a pass does not go its straight way: verdicts, failures, and what people decide.</summary>
public sealed class DecisionTests(PostgresServer postgres) : IAsyncLifetime
{
    LoopUnderTest loop = null!;

    public async ValueTask InitializeAsync()
    {
        loop = await LoopUnderTest.StartAsync(await postgres.CreateDatabaseAsync());
        loop.World.Inference.Publish();
        loop.World.Labeling.Ready = new FreezeReadiness(3, 2, 0, 0);
        loop.World.Monitor.MakeDiagnosis(DiagnosisAction.Retrain);
    }

    public ValueTask DisposeAsync() => loop.DisposeAsync();

    [Fact]
    public async Task Gate_Failed_EndsThePassAndTheNextWaitsForTheCooldown()
    {
        loop.World.Monitor.Gate = Verdict.Failed;
        var run = await loop.TurnUntilAsync(LoopRunStage.Failed);
        Assert.Empty(loop.World.Inference.Rollouts);
        Assert.Contains("as the test wishes", (await loop.Runs.TransitionsAsync(run.Id, default))[^1].Reason);

        loop.World.Monitor.MakeDiagnosis(DiagnosisAction.Retrain);
        await loop.TurnAllAsync();
        Assert.Equal(run.Id, (await loop.NewestAsync())!.Id);

        loop.Time.Advance(TimeSpan.FromHours(2));
        loop.World.Monitor.MakeDiagnosis(DiagnosisAction.Retrain);
        await loop.TurnAllAsync();
        Assert.NotEqual(run.Id, (await loop.NewestAsync())!.Id);
    }

    [Theory]
    [InlineData(true, LoopRunStage.RollingOut)]
    [InlineData(false, LoopRunStage.Cancelled)]
    public async Task Gate_Inconclusive_APersonDecides(bool accept, LoopRunStage next)
    {
        loop.World.Monitor.Gate = Verdict.Inconclusive;
        var run = await loop.TurnUntilAsync(LoopRunStage.WaitingForPerson);
        await loop.TurnAllAsync();
        Assert.Empty(loop.World.Inference.Rollouts);

        await loop.Runs.ApplyAsync(run.Id, accept ? new LoopRunEvent.Accepted("good enough") : new LoopRunEvent.Rejected("no"), "ann", default);
        await loop.TurnAllAsync();
        var transition = (await loop.Runs.TransitionsAsync(run.Id, default))[^1];
        Assert.Equal((next, "ann"), (transition.To, transition.Actor));
        Assert.Equal(accept ? 1 : 0, loop.World.Inference.Rollouts.Count());
    }

    [Fact]
    public async Task Training_Failed_AsksAndTrainsAnewUnderAnotherKey()
    {
        loop.World.Training.State = TrainingRunState.Failed;
        var run = await loop.TurnUntilAsync(LoopRunStage.WaitingForPerson);
        Assert.Contains("NaN", run.State.Question);
        loop.World.Training.State = TrainingRunState.Succeeded;
        await loop.Runs.ApplyAsync(run.Id, new LoopRunEvent.Accepted("try again"), "ann", default);
        await loop.TurnUntilAsync(LoopRunStage.LockingBaseline);
        Assert.Equal([$"loop:{run.Id}:train", $"loop:{run.Id}:train:2"], loop.World.Training.Requests.Select(request => request.Key).Order());
    }

    [Fact]
    public async Task Validate_NoLockedHoldout_AsksForOneAndGoesOn()
    {
        loop.World.Labeling.RemoveLockedHoldout();
        var run = await loop.TurnUntilAsync(LoopRunStage.WaitingForPerson);
        Assert.Contains("no locked holdout", run.State.Question);
        loop.World.Labeling.AssignLockedHoldout();
        await loop.Runs.ApplyAsync(run.Id, new LoopRunEvent.Accepted("assigned"), "ann", default);
        await loop.TurnUntilAsync(LoopRunStage.LockingBaseline);
    }

    [Fact]
    public async Task Rollout_StaysInconclusive_IsPausedAfterItsPatienceAndGoesOnWhenAccepted()
    {
        loop.World.Monitor.Analysis = Verdict.Inconclusive;
        var run = await loop.TurnUntilAsync(LoopRunStage.RollingOut);
        await loop.TurnAllAsync();
        await loop.TurnAllAsync();
        Assert.Equal(RolloutState.Running, loop.World.Inference.Rollouts.Single().State);

        loop.Time.Advance(TimeSpan.FromMinutes(31));
        run = await loop.TurnUntilAsync(LoopRunStage.WaitingForPerson);
        Assert.Equal(RolloutState.Paused, loop.World.Inference.Rollouts.Single().State);

        await loop.Runs.ApplyAsync(run.Id, new LoopRunEvent.Accepted("quiet night, go on"), "ann", default);
        await loop.TurnAllAsync();
        await loop.TurnAllAsync();
        var rollout = loop.World.Inference.Rollouts.Single();
        Assert.Equal((RolloutState.Running, 1), (rollout.State, rollout.Step));
        Assert.Contains(rollout.Transitions, transition => transition.Reason == "quiet night, go on");
    }

    [Fact]
    public async Task Rollout_AnalysesEachStepInItsSlot()
    {
        await loop.TurnUntilAsync(LoopRunStage.LockingBaseline);
        Assert.Equal([ModelSlot.Candidate, ModelSlot.Shadow], loop.World.Monitor.Analyses.Select(analysis => analysis.CandidateSlot).Distinct().Order());
        Assert.All(loop.World.Monitor.Analyses, analysis => Assert.True(analysis.To - analysis.From >= TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Rollout_CannotStart_AsksAndStartsOnlyWhenAccepted()
    {
        loop.World.Inference.RefusesRollouts = true;
        var run = await loop.TurnUntilAsync(LoopRunStage.WaitingForPerson);
        Assert.Contains("another rollout", run.State.Question);
        loop.World.Inference.RefusesRollouts = false;
        await loop.TurnAllAsync();
        Assert.Empty(loop.World.Inference.Rollouts);
        await loop.Runs.ApplyAsync(run.Id, new LoopRunEvent.Accepted("the other one is over"), "ann", default);
        await loop.TurnUntilAsync(LoopRunStage.LockingBaseline);
    }

    [Fact]
    public async Task Rollout_AnalysisRefused_HoldsVisiblySinceTheFirstTime()
    {
        loop.World.Monitor.RefusesAnalyses = true;
        await loop.TurnUntilAsync(LoopRunStage.RollingOut);
        for (var round = 0; round < 4; round++) await loop.TurnAllAsync();
        var run = (await loop.NewestAsync())!;
        Assert.Equal(LoopRunStage.RollingOut, run.State.Stage);
        Assert.Contains("unknown there", run.Hold!.Reason);
        Assert.True(loop.Time.GetUtcNow() - run.Hold.Since >= TimeSpan.FromSeconds(30));
        loop.World.Monitor.RefusesAnalyses = false;
        Assert.Null((await loop.TurnUntilAsync(LoopRunStage.LockingBaseline)).Hold);
    }

    [Fact]
    public async Task Rollout_AnalysisFails_EndsThePass()
    {
        loop.World.Monitor.Analysis = Verdict.Failed;
        var run = await loop.TurnUntilAsync(LoopRunStage.Failed);
        Assert.Equal(RolloutState.Aborted, loop.World.Inference.Rollouts.Single().State);
        Assert.Equal(OutsideInference.Champion, loop.World.Inference.Deployment.Champion);
        Assert.Contains("aborted", (await loop.Runs.TransitionsAsync(run.Id, default))[^1].Reason);
    }

    [Fact]
    public async Task Cancel_WhileTraining_StopsTheRunAndLeavesNothingOpen()
    {
        loop.World.Training.State = TrainingRunState.Running;
        var run = await loop.TurnUntilAsync(LoopRunStage.Training);
        await loop.TurnAllAsync();
        await loop.Runs.ApplyAsync(run.Id, new LoopRunEvent.Cancelled("wrong labels"), "ann", default);
        await loop.TurnAllAsync();
        Assert.Equal($"loop:{run.Id}:train", Assert.Single(loop.World.Training.Cancelled));
        Assert.True((await loop.NewestAsync())!.Closed);
    }

    [Fact]
    public async Task Cancel_WhileRollingOut_RestoresTheChampion()
    {
        loop.World.Monitor.Analysis = Verdict.Inconclusive;
        var run = await loop.TurnUntilAsync(LoopRunStage.RollingOut);
        await loop.TurnAllAsync();
        await loop.Runs.ApplyAsync(run.Id, new LoopRunEvent.Cancelled("not today"), "ann", default);
        await loop.TurnAllAsync();
        var rollout = loop.World.Inference.Rollouts.Single();
        Assert.Equal(RolloutState.Aborted, rollout.State);
        Assert.Contains("not today", rollout.Transitions[^1].Reason);
    }

    [Fact]
    public async Task Begin_SecondTriggerWhileActive_IsLeftAside()
    {
        await loop.TurnUntilAsync(LoopRunStage.Training, LoopRunStage.Registering, LoopRunStage.Validating, LoopRunStage.RollingOut);
        loop.World.Monitor.MakeDiagnosis(DiagnosisAction.Retrain);
        await loop.TurnAsync<BeginLoopRun>();
        Assert.Single(await loop.Runs.ListAsync("line", 10, default));
    }
}
