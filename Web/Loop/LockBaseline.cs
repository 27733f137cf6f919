using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>
/// A new champion -> its baseline, a grown locked holdout and a renewed live one; the champion is scored on old and new, so that the trend goes on.
/// </summary>
public sealed class LockBaseline(
    ArrowLock turns, LoopRuns runs, DetectOnDataset detections, LabelingClient labeling, MonitorClient monitor, TimeProvider time, ILogger<LockBaseline> logger)
    : StageArrow(turns, runs, time, logger)
{
    public override IReadOnlyList<LoopRunStage> Stages { get; } = [LoopRunStage.LockingBaseline];

    protected override async Task<string> StepAsync(LoopRun run, CancellationToken cancellationToken)
    {
        var champion = run.Lineage.Candidate!;
        var baseline = await monitor.StartBaselineAsync(
            run.Deployment, new BaselineRequest($"loop:{run.Id}:baseline", champion, run.State.Since, run.Id.ToString()), cancellationToken);
        run = await HoldoutsAsync(run, baseline, cancellationToken);
        var (scored, sets) = await ScoreAsync(run, champion, cancellationToken);
        if (scored < sets || baseline.State == BaselineState.Collecting)
            return await ProgressAsync(
                run, "% of the baseline", Math.Round(100 * Math.Min(baseline.Progress, scored < sets ? 0.99 : 1)), 100, cancellationToken);
        return await MoveAsync(
            run, new LoopRunEvent.BaselineLocked(
                $"The baseline of {champion} is locked over {baseline.Requests} requests, the champion is scored on {sets} holdouts."), cancellationToken);
    }

    async Task<LoopRun> HoldoutsAsync(LoopRun run, BaselineInfo baseline, CancellationToken cancellationToken)
    {
        if (run.Lineage.Baseline is not null) return run;
        await labeling.GrowLockedHoldoutAsync(run.Deployment, new HoldoutRequest($"loop:{run.Id}:grow", run.Id.ToString()), cancellationToken);
        var holdouts = await labeling.RefreshLiveHoldoutAsync(run.Deployment, new HoldoutRequest($"loop:{run.Id}:live", run.Id.ToString()), cancellationToken);
        return await Runs.NoteAsync(
            run.Id,
            noted => noted with { Lineage = noted.Lineage with { Baseline = baseline.Id, GrownHoldout = holdouts.Locked, LiveHoldout = holdouts.Live } },
            cancellationToken);
    }

    /// <summary>Scores the champion on each set that is not scored yet. A set on which it cannot run is measured as far as it goes: not at all.</summary>
    async Task<(int Scored, int Sets)> ScoreAsync(LoopRun run, ModelRef champion, CancellationToken cancellationToken)
    {
        var sets = new[] { ("locked-holdout", run.Lineage.LockedHoldout), ("locked-holdout", run.Lineage.GrownHoldout), ("live-holdout", run.Lineage.LiveHoldout) }
            .Where(set => set.Item2 is not null).DistinctBy(set => (set.Item1, set.Item2!.Ref)).ToList();
        var scored = 0;
        foreach (var (purpose, dataset) in sets)
            if (run.Lineage.Evaluated.Contains(dataset!.Ref) || await ScoreAsync(run, champion, purpose, dataset, cancellationToken)) scored++;
        return (scored, sets.Count);
    }

    async Task<bool> ScoreAsync(LoopRun run, ModelRef champion, string purpose, DatasetVersionInfo dataset, CancellationToken cancellationToken)
    {
        var job = await detections.EnsureAsync(run, champion, dataset, cancellationToken);
        if (job.State is DetectionJobState.Failed or DetectionJobState.Cancelled)
        {
            await MoveAsync(
                run, new LoopRunEvent.Blocked($"Running {champion} over {dataset.Ref} ended as {job.State}: {job.Error} Accept to try again."),
                cancellationToken);
            return false;
        }
        if (job.State != DetectionJobState.Succeeded) return false;
        var evaluation = await monitor.EvaluateAsync(
            new EvaluationRequest(
                run.Key($"evaluate:{purpose}:{dataset.Name}:{dataset.Version}"), champion, dataset.Ref, dataset.GroundTruth, job.Result!, purpose,
                run.Deployment),
            cancellationToken);
        var measurement = new LoopRunMeasurement(champion, dataset.Ref, purpose, evaluation.Stats[0], evaluation.Low, evaluation.High, evaluation.At);
        await Runs.NoteAsync(
            run.Id,
            noted => noted with
            {
                Lineage = noted.Lineage with { Measurements = [.. noted.Lineage.Measurements, measurement], Evaluated = [.. noted.Lineage.Evaluated, dataset.Ref] },
            },
            cancellationToken);
        return true;
    }
}
