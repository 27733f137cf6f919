using RetrainLoop.Tests.Web.Outside;
using RetrainLoop.Web.Loop;
using RetrainLoop.Web.Loop.Runs;

namespace RetrainLoop.Tests.Web.Loop;

/// <summary>The whole pass, arrow by arrow, with everything that can go wrong between two of them.</summary>
public sealed class WholePassTests(PostgresServer postgres) : IAsyncLifetime
{
    static readonly LoopRunStage[] Way =
    [
        LoopRunStage.Sampling, LoopRunStage.Annotating, LoopRunStage.Freezing, LoopRunStage.Training, LoopRunStage.Registering, LoopRunStage.Validating,
        LoopRunStage.RollingOut, LoopRunStage.LockingBaseline, LoopRunStage.Completed,
    ];

    LoopUnderTest loop = null!;

    public async ValueTask InitializeAsync() => loop = await LoopUnderTest.StartAsync(await postgres.CreateDatabaseAsync());

    public ValueTask DisposeAsync() => loop.DisposeAsync();

    [Fact]
    public async Task Pass_FromDriftToBaseline_LeavesLineageBothWays()
    {
        var diagnosis = Drift(loop);
        await PassAsync(loop);

        var run = (await loop.NewestAsync())!;
        Assert.Equal(Way, await loop.StagesAsync(run.Id));
        Assert.Equal((diagnosis.Id, loop.World.Monitor.Drift!.Id), (run.Lineage.Diagnosis, run.Lineage.DriftReport));
        Assert.Equal((OutsideInference.Champion, new ModelRef("line", 2)), (run.Lineage.Champion, run.Lineage.Candidate));
        var training = Assert.Single(loop.World.Training.Requests);
        Assert.Equal((run.Id.ToString(), OutsideInference.Champion, 0.001), (training.LoopRun, training.Base, training.Hyperparameters.Lr0));
        Assert.Equal(run.Lineage.Training!.Ref, training.Dataset.Ref);
        Assert.Equal(run.Id.ToString(), Assert.Single(loop.World.Inference.Rollouts).LoopRun);
        Assert.Equal(run.Lineage.Baseline, loop.World.Monitor.Baselines.Single(baseline => baseline.LoopRun == run.Id.ToString()).Id);
        Assert.Equal(
            ["locked-holdout line v1", "locked-holdout line v2", "recent line v1", "recent line v2", "locked-holdout line v2", "locked-holdout line v2",
             "live-holdout line v2"],
            run.Lineage.Measurements.Select(measured => $"{measured.Purpose} {measured.Model}"));
        Assert.NotEqual(run.Lineage.LockedHoldout!.Ref, run.Lineage.GrownHoldout!.Ref);
    }

    [Fact]
    public async Task Pass_EveryArrowTurnedTwice_MakesNothingTwice()
    {
        Drift(loop);
        await PassAsync(loop);
        var once = loop.World.Facts();

        await loop.StartOverAsync();
        Drift(loop);
        await PassAsync(loop, async arrow => { await arrow(); await arrow(); });

        Assert.Equal(once, loop.World.Facts());
        Assert.Equal(Way, await loop.StagesAsync((await loop.NewestAsync())!.Id));
    }

    [Fact]
    public async Task Pass_KilledAtAnyCommand_ResumesToTheSameEnd()
    {
        Drift(loop);
        await PassAsync(loop);
        var undisturbed = loop.World.Facts();
        var commands = loop.World.Commands;

        for (var kill = 1; kill <= commands; kill++)
        {
            await loop.StartOverAsync();
            loop.World.KillCallerAt = kill;
            Drift(loop);
            await PassAsync(loop, DyingAsync);
            Assert.Equal(undisturbed, loop.World.Facts());
            Assert.Equal(Way, await loop.StagesAsync((await loop.NewestAsync())!.Id));
        }

        static async Task DyingAsync(Func<Task<string>> arrow)
        {
            try
            {
                await arrow();
            }
            catch (KilledException)
            {
            }
        }
    }

    [Fact]
    public async Task Pass_ServiceAwayInEveryStage_WaitsVisiblyAndGoesOn()
    {
        Drift(loop);
        loop.World.Training.State = TrainingRunState.Running;
        await loop.TurnAllAsync();
        foreach (var service in OutsideWorld.Services) await AwayAsync(service);
        Annotate(loop);
        await loop.TurnUntilAsync(LoopRunStage.Training);
        await AwayAsync("training", "training does not answer");
        loop.World.Training.State = TrainingRunState.Succeeded;
        await loop.TurnUntilAsync(LoopRunStage.LockingBaseline);
        await AwayAsync("monitor", "monitor does not answer");
        loop.World.Monitor.BaselinesLock = true;
        var run = await loop.TurnUntilAsync(LoopRunStage.Completed);
        Assert.Null(run.Hold);

        async Task AwayAsync(string service, string? reason = null)
        {
            var before = (await loop.NewestAsync())!.State.Stage;
            loop.World.SetAway(service, true);
            await loop.TurnAllAsync();
            await loop.TurnAllAsync();
            var waiting = (await loop.NewestAsync())!;
            loop.World.SetAway(service, false);
            Assert.Equal(before, waiting.State.Stage);
            if (reason is null) return;
            Assert.StartsWith(reason, waiting.Hold?.Reason);
            Assert.Equal(loop.Time.GetUtcNow() - TimeSpan.FromSeconds(20), waiting.Hold!.Since);
        }
    }

    [Fact]
    public async Task Pass_WhileItCollects_SamplesMoreAndThenAsBefore()
    {
        var normal = loop.World.Inference.Deployment.Sampling;
        Drift(loop);
        await loop.TurnAllAsync();
        var raised = loop.World.Inference.Deployment.Sampling;
        Assert.Equal(normal.RandomPerCameraHour * 10, raised.RandomPerCameraHour);
        Assert.Equal([1, -1], raised.DriftScore!.Table.Signals["confidence"]);
        Annotate(loop);
        await loop.TurnUntilAsync(LoopRunStage.LockingBaseline);
        Assert.Equal(normal, loop.World.Inference.Deployment.Sampling);
    }

    [Fact]
    public async Task Pass_SamplingEditedWhileItCollects_KeepsWhatThePersonChanged()
    {
        Drift(loop);
        await loop.TurnAllAsync();
        var raised = loop.World.Inference.Deployment.Sampling;
        loop.World.Inference.EditSampling(raised with { LowMargin = 0.3, Classes = ["nut"], Caps = raised.Caps! with { PerDay = 77 } });
        Annotate(loop);
        await loop.TurnUntilAsync(LoopRunStage.LockingBaseline);
        var restored = loop.World.Inference.Deployment.Sampling;
        Assert.Equal(["nut"], restored.Classes!);
        Assert.Equal(new SamplingPolicy(LowMargin: 0.3, Caps: new SamplingCaps(PerDay: 77)), restored with { Classes = null });
    }

    [Fact]
    public async Task Pass_DriftScoreAskedForByAPersonMeanwhile_StaysWithItsOwnEnd()
    {
        Drift(loop);
        await loop.TurnAllAsync();
        var raised = loop.World.Inference.Deployment.Sampling;
        var own = raised.DriftScore! with { Until = raised.DriftScore.Until.AddHours(1) };
        loop.World.Inference.EditSampling(raised with { DriftScore = own });
        Annotate(loop);
        await loop.TurnUntilAsync(LoopRunStage.LockingBaseline);
        var restored = loop.World.Inference.Deployment.Sampling;
        Assert.Equal((20, own.Until), (restored.RandomPerCameraHour, restored.DriftScore?.Until));
    }

    static Diagnosis Drift(LoopUnderTest loop)
    {
        loop.World.Inference.Publish();
        return loop.World.Monitor.MakeDiagnosis(DiagnosisAction.LabelFirst);
    }

    static void Annotate(LoopUnderTest loop) => loop.World.Labeling.Ready = new FreezeReadiness(3, 2, 0, 0);

    static async Task PassAsync(LoopUnderTest loop, Func<Func<Task<string>>, Task>? turn = null)
    {
        for (var frame = 0; frame < 3; frame++) loop.World.Inference.Sample();
        loop.World.Labeling.Ready = new FreezeReadiness(0, 0, 5, 0);
        for (var round = 0; round < 30; round++)
        {
            await loop.TurnAllAsync(turn);
            var run = await loop.NewestAsync();
            if (run?.State.Stage == LoopRunStage.Annotating) Annotate(loop);
            if (run?.State.Stage == LoopRunStage.LockingBaseline) loop.World.Monitor.BaselinesLock = true;
            if (run is { State.Stage: LoopRunStage.Completed, Closed: true }) return;
        }
        Assert.Fail($"The pass never ended; it stands on {(await loop.NewestAsync())?.State}.");
    }
}
