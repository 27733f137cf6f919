using System.Net;
using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>Sampling, annotating, freezing: waits until enough was annotated since the onset, then asks Labeling for the dataset versions.</summary>
public sealed class FreezeDataset(
    ArrowLock turns, LoopRuns runs, RaiseSampling sampling, LabelingClient labeling, TimeProvider time, ILogger<FreezeDataset> logger)
    : StageArrow(turns, runs, time, logger)
{
    public override IReadOnlyList<LoopRunStage> Stages { get; } = [LoopRunStage.Sampling, LoopRunStage.Annotating, LoopRunStage.Freezing];

    protected override async Task<string> StepAsync(LoopRun run, CancellationToken cancellationToken)
    {
        if (run.State.Stage == LoopRunStage.Freezing) return await FreezeAsync(run, cancellationToken);
        run = await sampling.EnsureAsync(run, cancellationToken);
        var ready = await labeling.FreezeReadinessAsync(run.Deployment, run.Lineage.Since, cancellationToken);
        var policy = run.Policy;
        if (ready.Training >= policy.MinimumTraining && ready.Recent >= policy.MinimumRecent)
            return await MoveAsync(
                run, new LoopRunEvent.LabelsSuffice($"{ready.Training} training and {ready.Recent} recent frames are annotated."), cancellationToken);
        double needed = policy.MinimumTraining + policy.MinimumRecent;
        double labelled = Math.Min(ready.Training, policy.MinimumTraining) + Math.Min(ready.Recent, policy.MinimumRecent);
        double frames = labelled + ready.WaitingTasks + ready.LeasedTasks;
        if (run.State.Stage == LoopRunStage.Annotating) return await ProgressAsync(run, "annotations", labelled, needed, cancellationToken);
        return frames >= needed
            ? await MoveAsync(run, new LoopRunEvent.FramesSuffice($"{frames:0} frames of {needed:0} are there to annotate."), cancellationToken)
            : await ProgressAsync(run, "frames", frames, needed, cancellationToken);
    }

    async Task<string> FreezeAsync(LoopRun run, CancellationToken cancellationToken)
    {
        var holdouts = await labeling.HoldoutsAsync(run.Deployment, cancellationToken);
        FreezeResult frozen;
        try
        {
            frozen = await labeling.FreezeAsync(
                run.Deployment,
                new FreezeRequest(
                    run.Key("freeze"), BaseOf(run, holdouts), run.Lineage.Since, run.Policy.MinimumTraining, run.Policy.MinimumRecent, run.Id.ToString()),
                cancellationToken);
        }
        catch (StackException exception) when (exception.StatusCode == HttpStatusCode.Conflict)
        {
            throw new HoldException(exception.Message);
        }
        await sampling.RestoreAsync(run, cancellationToken);
        return await MoveAsync(
            run, new LoopRunEvent.DatasetFrozen(
                $"{frozen.Training.Ref} ({frozen.Training.Images} images) and {frozen.Recent.Ref} ({frozen.Recent.Images} images) are frozen."),
            cancellationToken, lineage => lineage with { Training = frozen.Training, Recent = frozen.Recent });
    }

    // After a crash between freezing and remembering it, the deployment's training set may be this pass's own already.
    static DatasetRef? BaseOf(LoopRun run, HoldoutsInfo holdouts) =>
        holdouts.Training?.LoopRun == run.Id.ToString() ? holdouts.Training.Parent : holdouts.Training?.Ref;
}
