using RetrainLoop.Tests.Web.Outside;
using RetrainLoop.Web.Loop;
using RetrainLoop.Web.Loop.Feeds;
using RetrainLoop.Web.Loop.Holdouts;
using RetrainLoop.Web.Loop.Runs;

namespace RetrainLoop.Tests.Web.Loop;

/// <summary>The arrows that follow a change feed rather than a pass.</summary>
public sealed class FeedArrowTests(PostgresServer postgres) : IAsyncLifetime
{
    LoopUnderTest loop = null!;

    public async ValueTask InitializeAsync() =>
        loop = await LoopUnderTest.StartAsync(await postgres.CreateDatabaseAsync(), ("Loop:SampleBatch", "2"), ("Loop:PreAnnotationBatch", "2"));

    public ValueTask DisposeAsync() => loop.DisposeAsync();

    [Fact]
    public async Task SampleFrames_MoreThanAPage_AllArriveOnce()
    {
        var frames = Enumerable.Range(0, 5).Select(_ => loop.World.Inference.Sample()).ToList();
        Assert.True(await loop.Get<Feed>().HasNewsAsync("inference", nameof(SampleFrames), SampleFrames.Kinds, default));
        Assert.StartsWith("5 frames taken in, 0 known", await loop.TurnAsync<SampleFrames>());
        Assert.Equal(frames.Order(), loop.World.Labeling.Samples.Order());
        Assert.False(await loop.Get<Feed>().HasNewsAsync("inference", nameof(SampleFrames), SampleFrames.Kinds, default));
        Assert.StartsWith("0 frames taken in", await loop.TurnAsync<SampleFrames>());
    }

    [Fact]
    public async Task SampleFrames_FramesOutrunTheirDeployment_WaitForIt()
    {
        loop.World.Labeling.KnowsTheDeployment = false;
        loop.World.Inference.Sample();
        Assert.StartsWith("Waits: labeling refused (404)", await loop.TurnAsync<SampleFrames>());
        loop.World.Labeling.KnowsTheDeployment = true;
        Assert.StartsWith("1 frames taken in", await loop.TurnAsync<SampleFrames>());
    }

    [Fact]
    public async Task Feed_TwoArrowsOnOneFeed_EachHasItsOwnCursor()
    {
        loop.World.Inference.Publish();
        loop.World.Inference.Sample();
        await loop.TurnAsync<SyncDeployments>();
        Assert.StartsWith("1 frames", await loop.TurnAsync<SampleFrames>());
    }

    [Fact]
    public async Task PreAnnotate_JobUnderWay_TheNextBatchWaitsForIt()
    {
        for (var frame = 0; frame < 3; frame++) loop.World.Inference.Sample();
        await loop.TurnAsync<SampleFrames>();
        loop.World.Inference.JobState = _ => DetectionJobState.Running;
        await loop.TurnAsync<PreAnnotate>();
        await loop.TurnAsync<PreAnnotate>();
        Assert.Single(loop.World.Inference.Jobs);
        Assert.Equal(0, loop.World.Labeling.PreAnnotated);

        loop.World.Inference.JobState = _ => DetectionJobState.Succeeded;
        await loop.TurnAsync<PreAnnotate>();
        Assert.Equal((2, 2), (loop.World.Inference.Jobs.Count(), loop.World.Labeling.PreAnnotated));
    }

    [Fact]
    public async Task PreAnnotate_JobFails_IsTriedThreeTimesUnderNewKeys()
    {
        loop.World.Inference.Sample();
        await loop.TurnAsync<SampleFrames>();
        loop.World.Inference.JobState = _ => DetectionJobState.Failed;
        for (var turn = 0; turn < 5; turn++) await loop.TurnAsync<PreAnnotate>();
        Assert.Equal(3, loop.World.Inference.Jobs.Select(job => job.Key).Distinct().Count());
        Assert.Equal(0, loop.World.Labeling.PreAnnotated);
    }

    [Fact]
    public async Task SyncDeployments_ChampionWithoutBaseline_GetsOneOnce()
    {
        loop.World.Inference.Publish();
        loop.World.Inference.Publish();
        await loop.TurnAsync<SyncDeployments>();
        await loop.Get<SyncDeployments>().ReconcileAsync(default);
        Assert.Equal("initial:line:line:1", Assert.Single(loop.World.Monitor.Baselines).Key);
    }

    [Fact]
    public async Task WeeklyHoldout_SameOccasionTwice_ScoresTheChampionOnce()
    {
        loop.World.Inference.JobState = _ => DetectionJobState.Running;
        Assert.Equal("Noted for 2026-11-23T07:00.", await loop.Get<WeeklyHoldout>().NoteAsync("line", "Europe/Berlin", default));
        await loop.Get<WeeklyHoldout>().NoteAsync("line", "Europe/Berlin", default);
        await loop.TurnAsync<WeeklyHoldout>();
        loop.World.Inference.JobState = _ => DetectionJobState.Succeeded;
        Assert.Equal((6, 20), (await loop.Get<HoldoutChecks>().ListAsync("line", 5, default)).Select(check => (check.Done, check.Total)).Single());
        Assert.Contains("live-holdout line-live v1: mAP 0.600. locked-holdout line-holdout v1: mAP 0.600.", await loop.TurnAsync<WeeklyHoldout>());
        Assert.Equal((false, "line"), (loop.World.Monitor.Schedules["holdout-scored:line"].Failed, loop.World.Monitor.Schedules["holdout-scored:line"].Deployment));
        Assert.Equal("Nothing to do.", await loop.TurnAsync<WeeklyHoldout>());
        loop.World.Inference.JobState = _ => DetectionJobState.Failed;
        loop.Time.Advance(TimeSpan.FromDays(7));
        await loop.Get<WeeklyHoldout>().NoteAsync("line", "Europe/Berlin", default);
        await loop.TurnAsync<WeeklyHoldout>();
        Assert.True(loop.World.Monitor.Schedules["holdout-scored:line"].Failed); // noted in time, but nothing was scored
        Assert.Equal(
            ["evaluation weekly-holdout:line:2026-11-23T07:00", "evaluation weekly-holdout:line:2026-11-23T07:00:locked",
             "job weekly-holdout:line:2026-11-23T07:00", "job weekly-holdout:line:2026-11-23T07:00:locked", "live weekly-holdout:line:2026-11-23T07:00"],
            loop.World.Facts().Where(fact => fact.Contains("weekly-holdout:line:2026-11-23")));
    }

    [Fact]
    public async Task DiagnoseAnnotations_BatchEnds_HoldoutsAreScoredThenDiagnosed()
    {
        loop.World.Inference.Publish();
        loop.World.Monitor.Finds = DiagnosisAction.Watch;
        loop.World.Labeling.Accept();
        loop.World.Labeling.Accept();
        Assert.Equal("2 annotations wait for the end of their batch.", await loop.TurnAsync<DiagnoseAnnotations>());
        loop.Time.Advance(TimeSpan.FromMinutes(4));
        loop.World.Labeling.Accept();
        Assert.StartsWith("3 annotations wait", await loop.TurnAsync<DiagnoseAnnotations>());
        loop.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("line: 3 annotations, holdouts are scored and diagnosed.", await loop.TurnAsync<DiagnoseAnnotations>());
        Assert.Contains("Watch: Confidence fell.", await loop.TurnAsync<WeeklyHoldout>());
        Assert.Equal("Nothing to do.", await loop.TurnAsync<DiagnoseAnnotations>());
    }

    [Fact]
    public async Task EraseFrames_ErasedInLabeling_AreErasedInInferenceAlsoWhenItWasAway()
    {
        var frame = loop.World.Inference.Sample();
        loop.World.Labeling.Erase(Guid.NewGuid()); // Inference does not know it any more
        loop.World.Labeling.Erase(frame);
        loop.World.SetAway("inference", true);
        Assert.StartsWith("Waits: inference does not answer", await loop.TurnAsync<EraseFrames>());
        loop.World.SetAway("inference", false);
        Assert.Equal("1 frames erased, 1 not there any more.", await loop.TurnAsync<EraseFrames>());
        Assert.Equal(frame, Assert.Single(loop.World.Inference.Erased));
        Assert.StartsWith("0 frames erased", await loop.TurnAsync<EraseFrames>());
        Assert.Contains(LoopSchedule.Arrows, arrow => arrow.Name == nameof(EraseFrames));
    }

    [Fact]
    public async Task Arrow_RunningElsewhere_IsNotRunTwice()
    {
        loop.World.Inference.Sample();
        await using (await loop.Get<ArrowLock>().TryTakeAsync(nameof(SampleFrames), default))
            Assert.Equal("Another worker is on it.", await loop.TurnAsync<SampleFrames>());
        Assert.StartsWith("1 frames", await loop.TurnAsync<SampleFrames>());
    }

    [Fact]
    public async Task Begin_PolicyAsks_WaitsForAPersonBeforeAnythingIsSampled()
    {
        await using var asking = await LoopUnderTest.StartAsync(await postgres.CreateDatabaseAsync(), ("Loop:DefaultPolicy:Mode", "Ask"));
        asking.World.Inference.Publish();
        asking.World.Monitor.MakeDiagnosis(DiagnosisAction.LabelFirst);
        await asking.TurnAllAsync();
        var run = (await asking.NewestAsync())!;
        Assert.Equal((LoopRunStage.WaitingForPerson, LoopRunStage.Sampling), (run.State.Stage, run.State.OnAccept));
        Assert.Empty(asking.World.Inference.SamplingsSet);
        await asking.Runs.ApplyAsync(run.Id, new LoopRunEvent.Accepted("yes"), "ann", default);
        await asking.TurnAllAsync();
        Assert.Single(asking.World.Inference.SamplingsSet);
    }
}
