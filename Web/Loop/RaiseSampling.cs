using RetrainLoop.Web.Loop.Policies;
using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>A pass that collects frames samples more of them, those first that carry the drift; afterwards the deployment samples as before.</summary>
public sealed class RaiseSampling(InferenceClient inference, MonitorClient monitor, LoopRuns runs, TimeProvider time)
{
    const int ReportsToSearch = 50;

    /// <summary>Does nothing when it was raised for this pass before.</summary>
    public async Task<LoopRun> EnsureAsync(LoopRun run, CancellationToken cancellationToken)
    {
        if (run.Lineage.SamplingBefore is not null && run.Lineage.SamplingRaised) return run;
        var deployment = await inference.DeploymentAsync(run.Deployment, cancellationToken);
        // What to return to is remembered before anything changes, so that a crash in between loses nothing.
        if (run.Lineage.SamplingBefore is null)
            run = await runs.NoteAsync(
                run.Id,
                noted => noted with { Lineage = noted.Lineage with { SamplingBefore = deployment.Sampling, SamplingRaisedAt = time.GetUtcNow() } },
                cancellationToken);
        var raised = run.Policy.Raise(
            run.Lineage.SamplingBefore!, await TableAsync(run, cancellationToken), run.Lineage.SamplingRaisedAt ?? time.GetUtcNow());
        await inference.SetSamplingAsync(run.Deployment, raised, cancellationToken);
        return await runs.NoteAsync(run.Id, noted => noted with { Lineage = noted.Lineage with { SamplingRaised = true } }, cancellationToken);
    }

    /// <summary>Returns to the sampling from before, except where somebody changed it meanwhile; call it again after a crash.</summary>
    public async Task RestoreAsync(LoopRun run, CancellationToken cancellationToken)
    {
        if (run.Lineage.SamplingBefore is not { } before) return;
        var now = (await inference.DeploymentAsync(run.Deployment, cancellationToken)).Sampling;
        await inference.SetSamplingAsync(run.Deployment, Restored(run, before, now), cancellationToken);
        await runs.NoteAsync(
            run.Id,
            noted => noted with { Lineage = noted.Lineage with { SamplingBefore = null, SamplingRaised = false, SamplingRaisedAt = null } },
            cancellationToken);
    }

    // After a crash the deployment may sample as before already: that is no change of a person's.
    static SamplingPolicy Restored(LoopRun run, SamplingPolicy before, SamplingPolicy now)
    {
        if (SamplingChange.Same(before, now)) return before;
        // The pass's own drift score is known by when it ends: its table is Monitor's and need not be kept for this.
        var raised = run.Policy.Raise(before, null, default) is var plain && IsOwn(run, now.DriftScore) ? plain with { DriftScore = now.DriftScore } : plain;
        return SamplingChange.Onto(before, raised, now);
    }

    static bool IsOwn(LoopRun run, DriftScoreRule? rule) =>
        rule is not null && (run.Lineage.SamplingRaisedAt is not { } raisedAt || rule.Until == raisedAt.AddHours(run.Policy.SamplingHours));

    async Task<LikelihoodRatioTable?> TableAsync(LoopRun run, CancellationToken cancellationToken)
    {
        if (run.Lineage.DriftReport is not { } id) return null;
        var reports = await monitor.DriftReportsAsync(run.Deployment, ReportsToSearch, cancellationToken);
        return reports.FirstOrDefault(report => report.Id == id)?.LikelihoodRatios;
    }
}
