using RetrainLoop.Web.Loop.Policies;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>A rollout that a person began outside a pass -> advanced step by step on Monitor's judgement, as <see cref="AdvanceRollout"/> does for passes.</summary>
public sealed class FollowRollout(
    ArrowLock turns, InferenceClient inference, RolloutBaking baking, RetrainPolicies policies, TimeProvider time) : Arrow(turns)
{
    /// <summary>Begins the reason of a pause that asks a person. Who resumes after it accepts the step as it is.</summary>
    const string Asks = "Not clear in time: ";

    /// <summary>Whether any such rollout has a step that has baked.</summary>
    public async Task<bool> AnyBakedAsync(CancellationToken cancellationToken) => (await BakedAsync(cancellationToken)).Count > 0;

    protected override async Task<string> TurnAsync(CancellationToken cancellationToken)
    {
        var said = new List<string>();
        foreach (var rollout in await BakedAsync(cancellationToken)) said.Add($"{rollout.Deployment}: {await TryStepAsync(rollout, cancellationToken)}");
        return said.Count == 0 ? "Nothing to do." : string.Join(" ", said);
    }

    async Task<List<RolloutInfo>> BakedAsync(CancellationToken cancellationToken)
    {
        var baked = new List<RolloutInfo>();
        foreach (var deployment in await inference.DeploymentsAsync(cancellationToken))
        {
            if (deployment.ActiveRollout is not { } id) continue;
            var rollout = await inference.RolloutAsync(id, cancellationToken);
            if (rollout is { LoopRun: null, State: RolloutState.Running } && RolloutBaking.Baked(rollout, time.GetUtcNow()) >= 1) baked.Add(rollout);
        }
        return baked;
    }

    async Task<string> TryStepAsync(RolloutInfo rollout, CancellationToken cancellationToken)
    {
        try
        {
            return await StepAsync(rollout, cancellationToken);
        }
        catch (StackException exception) when (!exception.IsAway)
        {
            return $"waits: {exception.Message}"; // one deployment's trouble does not hold up the others
        }
    }

    async Task<string> StepAsync(RolloutInfo rollout, CancellationToken cancellationToken)
    {
        var judgement = await baking.JudgeAsync(rollout, cancellationToken);
        var patience = (await policies.OfAsync(rollout.Deployment, cancellationToken)).RolloutPatienceMinutes;
        if (RolloutBaking.Decide(judgement.Verdict, rollout, IsAccepted(rollout), patience, time.GetUtcNow()) is not { } verdict)
            return $"step {rollout.Step + 1} of {rollout.Steps.Count}: {judgement.Verdict}: {judgement.Reason}";
        var reason = verdict == Verdict.Inconclusive ? Asks + judgement.Reason : judgement.Reason;
        var moved = await baking.AdvanceAsync(rollout, new RolloutAdvance(rollout.Step, verdict, reason), cancellationToken);
        return $"step {rollout.Step + 1} of {rollout.Steps.Count}: {verdict}: {judgement.Reason} Now {moved.State}.";
    }

    /// <summary>Pure: whether the newest that happened is that a person resumed a step which had asked.</summary>
    internal static bool IsAccepted(RolloutInfo rollout) => rollout.Transitions is [.., var pause, var resume]
        && IsPause(pause.To) && pause.Reason.StartsWith(Asks, StringComparison.Ordinal) && IsPause(resume.From) && !IsPause(resume.To);

    static bool IsPause(string state) => state.StartsWith("paused", StringComparison.OrdinalIgnoreCase);
}
