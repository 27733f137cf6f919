using RetrainLoop.Web.Loop.Policies;
using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Stack;
using static RetrainLoop.Web.Stack.StackAnswer;

namespace RetrainLoop.Web.Pages.Loop;

/// <summary>Everything that the loop page shows, read at one moment.</summary>
/// <param name="Deployments">Names; null when Inference could not be asked.</param>
/// <param name="Passes">Of the deployment, newest first.</param>
public sealed record PassSnapshot(
    IReadOnlyList<string>? Deployments, string? Deployment, RetrainPolicy? Policy, IReadOnlyList<LoopRun> Passes, PassDetail? Detail);

/// <summary>One pass with what it brought about. A part is null while there is none, or its owner is away.</summary>
public sealed record PassDetail(
    LoopRun Run, IReadOnlyList<LoopRunTransition> Transitions, TrainingRunInfo? Training, ValidationReport? Validation, RolloutInfo? Rollout, BaselineInfo? Baseline);

/// <summary>Reads the passes from webdb and their lineage from the services that own it.</summary>
public sealed class PassReader(
    LoopRuns runs, RetrainPolicies policies, InferenceClient inference, MonitorClient monitor, TrainingClient training, TimeProvider time)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    const int History = 20;

    /// <param name="deployment">Null = the one with the newest pass, else the first.</param>
    /// <param name="pass">Null = the active one, else the newest.</param>
    public async Task<PassSnapshot> ReadAsync(string? deployment, Guid? pass, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(_ => limit.Cancel(), null, Patience, Timeout.InfiniteTimeSpan);
        var known = (await TryAsync(inference.DeploymentsAsync(limit.Token)))?.Select(one => one.Name).ToList();
        var name = deployment ?? (await runs.ListAsync(null, 1, cancellationToken)).FirstOrDefault()?.Deployment ?? known?.FirstOrDefault();
        if (name is null) return new PassSnapshot(known, null, null, [], null);
        var passes = await runs.ListAsync(name, History, cancellationToken);
        var run = pass is { } id ? await runs.FindAsync(id, cancellationToken) : passes.FirstOrDefault(one => one.FinishedAt is null) ?? passes.FirstOrDefault();
        return new PassSnapshot(known, name, await policies.OfAsync(name, cancellationToken), passes, run is null ? null : await DetailAsync(run, limit.Token));
    }

    async Task<PassDetail> DetailAsync(LoopRun run, CancellationToken cancellationToken)
    {
        var lineage = run.Lineage;
        var trained = lineage.TrainingRun is { } trainingRun ? TryAsync(training.RunAsync(trainingRun, cancellationToken)) : null;
        var judged = lineage.Validation is { } validation ? TryAsync(monitor.ValidationAsync(validation, cancellationToken)) : null;
        var rolled = lineage.Rollout is { } rollout ? TryAsync(inference.RolloutAsync(rollout, cancellationToken)) : null;
        var baselines = lineage.Baseline is null ? null : TryAsync(monitor.BaselinesAsync(run.Deployment, cancellationToken));
        return new PassDetail(
            run, await runs.TransitionsAsync(run.Id, CancellationToken.None),
            trained is null ? null : await trained, judged is null ? null : await judged, rolled is null ? null : await rolled,
            baselines is null ? null : (await baselines)?.FirstOrDefault(baseline => baseline.Id == lineage.Baseline));
    }
}
