using System.Net;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>One step of a rollout: judged by Monitor once it has baked, and moved on at Inference. Shared by passes and by rollouts begun by hand.</summary>
public sealed class RolloutBaking(InferenceClient inference, MonitorClient monitor, TimeProvider time)
{
    public Task<Judgement> JudgeAsync(RolloutInfo rollout, CancellationToken cancellationToken)
    {
        var step = rollout.Steps[rollout.Step];
        return monitor.AnalyseRolloutAsync(
            rollout.Deployment,
            new RolloutAnalysisRequest(
                rollout.Id, rollout.Candidate, rollout.Champion, step.Weight > 0 ? ModelSlot.Candidate : ModelSlot.Shadow, rollout.StepStartedAt,
                time.GetUtcNow(), step.MinimumRequests),
            cancellationToken);
    }

    /// <summary>409: somebody else moved the rollout meanwhile; then it stands where they brought it.</summary>
    public async Task<RolloutInfo> AdvanceAsync(RolloutInfo rollout, RolloutAdvance advance, CancellationToken cancellationToken)
    {
        try
        {
            return await inference.AdvanceRolloutAsync(rollout.Id, advance, cancellationToken);
        }
        catch (StackException exception) when (exception.StatusCode == HttpStatusCode.Conflict)
        {
            return await inference.RolloutAsync(rollout.Id, cancellationToken);
        }
    }

    /// <summary>Pure: the share of the step's least time that is over, in [0, 1].</summary>
    public static double Baked(RolloutInfo rollout, DateTimeOffset now) => rollout.Steps[rollout.Step].BakeSeconds is > 0 and var seconds
        ? Math.Clamp((now - rollout.StepStartedAt).TotalSeconds / seconds, 0, 1)
        : 1;

    /// <summary>
    /// Pure: what to tell Inference, or null to go on baking. An inconclusive step gets its patience first; it passes when a person accepted it.
    /// </summary>
    public static Verdict? Decide(Verdict judged, RolloutInfo rollout, bool accepted, double patienceMinutes, DateTimeOffset now) => judged switch
    {
        Verdict.Inconclusive when accepted => Verdict.Passed,
        Verdict.Inconclusive when (now - rollout.StepStartedAt).TotalSeconds < rollout.Steps[rollout.Step].BakeSeconds + 60 * patienceMinutes => null,
        Verdict.Error => null,
        _ => judged,
    };
}
