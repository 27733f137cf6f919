using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>An ended pass leaves nothing running: the sampling as before, no training run, no open rollout.</summary>
public sealed partial class CloseLoopRun(
    ArrowLock turns, LoopRuns runs, RaiseSampling sampling, InferenceClient inference, TrainingClient training, TimeProvider time, ILogger<CloseLoopRun> logger)
    : StageArrow(turns, runs, time, logger)
{
    public override IReadOnlyList<LoopRunStage> Stages { get; } = [LoopRunStage.Completed, LoopRunStage.Failed, LoopRunStage.Cancelled];

    protected override async Task<string> StepAsync(LoopRun run, CancellationToken cancellationToken)
    {
        var ended = (await Runs.TransitionsAsync(run.Id, cancellationToken))[^1];
        await ToleratingAsync(() => sampling.RestoreAsync(run, cancellationToken), run.Id);
        if (run.Lineage.TrainingRun is { } trainingRun) await ToleratingAsync(() => CancelTrainingAsync(trainingRun, ended, cancellationToken), run.Id);
        if (run.Lineage.Rollout is { } rollout) await ToleratingAsync(() => AbortRolloutAsync(rollout, ended, cancellationToken), run.Id);
        await Runs.NoteAsync(run.Id, noted => noted with { Closed = true }, cancellationToken);
        return "closed.";
    }

    async Task CancelTrainingAsync(Guid id, LoopRunTransition ended, CancellationToken cancellationToken)
    {
        var run = await training.RunAsync(id, cancellationToken);
        if (run.State is TrainingRunState.Queued or TrainingRunState.Running) await training.CancelAsync(id, cancellationToken, ended.Actor);
    }

    async Task AbortRolloutAsync(Guid id, LoopRunTransition ended, CancellationToken cancellationToken)
    {
        var rollout = await inference.RolloutAsync(id, cancellationToken);
        if (rollout.State is RolloutState.Running or RolloutState.Paused)
            await inference.AbortRolloutAsync(id, $"The pass of the loop ended as {ended.To}: {ended.Reason}", ended.Actor, cancellationToken);
    }

    /// <summary>A refusal means that there is nothing left to put back: it ended by itself in the same moment, or is gone.</summary>
    async Task ToleratingAsync(Func<Task> command, Guid run)
    {
        try
        {
            await command();
        }
        catch (StackException exception) when (!exception.IsAway)
        {
            LogNothingToPutBack(run, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Pass {Run} is closed although {Reason}")]
    partial void LogNothingToPutBack(Guid run, string reason);
}
