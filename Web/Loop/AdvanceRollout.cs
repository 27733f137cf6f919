using System.Net;
using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>A validated candidate -> a rollout at Inference, advanced step by step on Monitor's judgement.</summary>
public sealed class AdvanceRollout(
    ArrowLock turns, LoopRuns runs, InferenceClient inference, MonitorClient monitor, TimeProvider time, ILogger<AdvanceRollout> logger)
    : StageArrow(turns, runs, time, logger)
{
    // While a person is asked about a paused rollout, that rollout may be moved on its own page.
    public override IReadOnlyList<LoopRunStage> Stages { get; } = [LoopRunStage.RollingOut, LoopRunStage.WaitingForPerson];

    protected override async Task<string> StepAsync(LoopRun run, CancellationToken cancellationToken)
    {
        var waiting = run.State.Stage == LoopRunStage.WaitingForPerson;
        var rollout = await RolloutAsync(run, cancellationToken);
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
        var (step, now) = (rollout.Steps[rollout.Step], Time.GetUtcNow());
        var baked = now - rollout.StepStartedAt;
        var share = step.BakeSeconds > 0 ? Math.Clamp(baked.TotalSeconds / step.BakeSeconds, 0, 1) : 1;
        await ProgressAsync(run, "steps", Math.Round(rollout.Step + share, 2), rollout.Steps.Count, cancellationToken);
        if (share < 1) return $"step {rollout.Step + 1} of {rollout.Steps.Count} bakes.";
        var judgement = await monitor.AnalyseRolloutAsync(
            run.Deployment,
            new RolloutAnalysisRequest(
                rollout.Id, rollout.Candidate, rollout.Champion, step.Weight > 0 ? ModelSlot.Candidate : ModelSlot.Shadow, rollout.StepStartedAt, now,
                step.MinimumRequests),
            cancellationToken);
        if (Decide(judgement.Verdict, rollout, run, baked) is not { } verdict) return $"step {rollout.Step + 1}: {judgement.Verdict}: {judgement.Reason}";
        try
        {
            var moved = await inference.AdvanceRolloutAsync(rollout.Id, new RolloutAdvance(rollout.Step, verdict, judgement.Reason), cancellationToken);
            return $"step {rollout.Step + 1}: {verdict}: {judgement.Reason} Now {moved.State} on step {moved.Step + 1}.";
        }
        catch (StackException exception) when (exception.StatusCode == HttpStatusCode.Conflict)
        {
            return "somebody else moved the rollout.";
        }
    }

    /// <summary>
    /// Pure: what to tell Inference, or null to go on baking. An inconclusive step gets its patience first; it passes when a person accepted it.
    /// </summary>
    internal static Verdict? Decide(Verdict judged, RolloutInfo rollout, LoopRun run, TimeSpan baked) => judged switch
    {
        Verdict.Inconclusive when run.Lineage.PausedStep == rollout.Step => Verdict.Passed,
        Verdict.Inconclusive when baked.TotalSeconds < rollout.Steps[rollout.Step].BakeSeconds + 60 * run.Policy.RolloutPatienceMinutes => null,
        Verdict.Error => null,
        _ => judged,
    };

    static string LastReason(RolloutInfo rollout) => rollout.Transitions.Count > 0 ? rollout.Transitions[^1].Reason : "no reason given";
}
