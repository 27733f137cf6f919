using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>A validated candidate -> a rollout at Inference, advanced step by step on Monitor's judgement.</summary>
public sealed class AdvanceRollout(
    ArrowLock turns, LoopRuns runs, InferenceClient inference, RolloutBaking baking, TimeProvider time, ILogger<AdvanceRollout> logger)
    : StageArrow(turns, runs, time, logger)
{
    // While a person is asked about a paused rollout, that rollout may be moved on its own page.
    public override IReadOnlyList<LoopRunStage> Stages { get; } = [LoopRunStage.RollingOut, LoopRunStage.WaitingForPerson];

    protected override async Task<string> StepAsync(LoopRun run, CancellationToken cancellationToken)
    {
        if (run.State.Stage == LoopRunStage.WaitingForPerson && run.Lineage.Rollout is null) return "waits for a person.";
        return await FollowAsync(run, await RolloutAsync(run, cancellationToken), cancellationToken);
    }

    async Task<string> FollowAsync(LoopRun run, RolloutInfo rollout, CancellationToken cancellationToken)
    {
        var waiting = run.State.Stage == LoopRunStage.WaitingForPerson;
        return rollout.State switch
        {
            RolloutState.Succeeded => await MoveAsync(run, new LoopRunEvent.RolloutSucceeded($"{rollout.Candidate} serves all traffic."), cancellationToken),
            RolloutState.Aborted => await MoveAsync(run, new LoopRunEvent.RolloutAborted($"The rollout was aborted: {LastReason(rollout)}"), cancellationToken),
            RolloutState.Paused when waiting => "waits for a person.",
            RolloutState.Paused when run.Lineage.PausedStep == rollout.Step => await ResumeAsync(run, rollout, cancellationToken),
            RolloutState.Paused => await MoveAsync(
                run, new LoopRunEvent.RolloutPaused(
                    $"The rollout is paused on step {rollout.Step + 1} of {rollout.Steps.Count}: {LastReason(rollout)} Go on with it?"),
                cancellationToken, lineage => lineage with { PausedStep = rollout.Step }),
            _ when waiting => await MoveAsync(run, new LoopRunEvent.RolloutResumed($"The rollout was resumed: {LastReason(rollout)}"), cancellationToken),
            _ => await BakeAsync(run, rollout, cancellationToken),
        };
    }

    async Task<RolloutInfo> RolloutAsync(LoopRun run, CancellationToken cancellationToken)
    {
        if (run.Lineage.Rollout is { } known) return await inference.RolloutAsync(known, cancellationToken);
        var started = await inference.StartRolloutAsync(
            new RolloutRequest(
                $"loop:{run.Id}:rollout", run.Deployment, run.Lineage.Candidate!, run.Policy.RolloutSteps, run.Id.ToString()), cancellationToken);
        await Runs.NoteAsync(run.Id, noted => noted with { Lineage = noted.Lineage with { Rollout = started.Id } }, cancellationToken);
        return started;
    }

    async Task<string> ResumeAsync(LoopRun run, RolloutInfo rollout, CancellationToken cancellationToken)
    {
        var accepted = (await Runs.TransitionsAsync(run.Id, cancellationToken))[^1];
        await inference.ResumeRolloutAsync(rollout.Id, accepted.Reason, accepted.Actor, cancellationToken);
        return $"resumed, as {accepted.Actor} decided.";
    }

    async Task<string> BakeAsync(LoopRun run, RolloutInfo rollout, CancellationToken cancellationToken)
    {
        var share = RolloutBaking.Baked(rollout, Time.GetUtcNow());
        await ProgressAsync(run, "steps", Math.Round(rollout.Step + share, 2), rollout.Steps.Count, cancellationToken);
        if (share < 1) return $"step {rollout.Step + 1} of {rollout.Steps.Count} bakes.";
        var judgement = await JudgeAsync(rollout, cancellationToken);
        var accepted = run.Lineage.PausedStep == rollout.Step;
        if (RolloutBaking.Decide(judgement.Verdict, rollout, accepted, run.Policy.RolloutPatienceMinutes, Time.GetUtcNow()) is not { } verdict)
            return $"step {rollout.Step + 1}: {judgement.Verdict}: {judgement.Reason}";
        var moved = await baking.AdvanceAsync(rollout, new RolloutAdvance(rollout.Step, verdict, judgement.Reason), cancellationToken);
        return moved.State == RolloutState.Running ? $"step {rollout.Step + 1}: {verdict}: {judgement.Reason}" : await FollowAsync(run, moved, cancellationToken);
    }

    async Task<Judgement> JudgeAsync(RolloutInfo rollout, CancellationToken cancellationToken)
    {
        try
        {
            return await baking.JudgeAsync(rollout, cancellationToken);
        }
        catch (StackException exception) when (!exception.IsAway)
        {
            throw new HoldException(exception.Message);
        }
    }

    static string LastReason(RolloutInfo rollout) => rollout.Transitions.Count > 0 ? rollout.Transitions[^1].Reason : "no reason given";
}
