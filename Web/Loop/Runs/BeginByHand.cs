using Microsoft.AspNetCore.Http.HttpResults;
using RetrainLoop.Web.Loop.Policies;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop.Runs;

/// <summary>A pass that a person begins, whatever the diagnosis says; cool-down and mode of the policy do not apply.</summary>
public sealed class BeginByHand(InferenceClient inference, MonitorClient monitor, RetrainPolicies policies, LoopRuns runs, TimeProvider time)
{
    static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(24);

    /// <returns>The new pass's id, or why it cannot begin.</returns>
    public async Task<(Guid? Run, ProblemHttpResult? Refusal)> TryAsync(
        string deployment, LoopRunStart start, string actor, CancellationToken cancellationToken)
    {
        if (await inference.FindDeploymentAsync(deployment, cancellationToken) is not { } known)
            return (null, Problem.NotFound($"There is no deployment '{deployment}'."));
        var now = time.GetUtcNow();
        var diagnosis = (await monitor.DiagnosesAsync(deployment, 1, cancellationToken)).FirstOrDefault(one => one.Model == known.Champion);
        var lineage = new LoopRunLineage
        {
            Diagnosis = diagnosis?.Id, DriftReport = diagnosis?.DriftReport, Since = start.Since?.ToUniversalTime() ?? diagnosis?.Since ?? now - DefaultWindow,
            Champion = known.Champion,
        };
        var run = new LoopRun(
            Guid.CreateVersion7(now), deployment, LoopRunState.Begin(now), start.Reason, actor, await policies.OfAsync(deployment, cancellationToken),
            lineage, null, null, now, null, false);
        if (await runs.BeginAsync(run, null, cancellationToken)) return (run.Id, null);
        var active = await runs.FindActiveAsync(deployment, cancellationToken);
        return (null, Problem.Conflict($"Pass {active?.Id} of '{deployment}' is under way (now {active?.State.Stage}); wait for its end or cancel it."));
    }
}
