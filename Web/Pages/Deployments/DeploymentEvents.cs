using RetrainLoop.Web.Stack;
using static RetrainLoop.Web.Stack.StackAnswer;

namespace RetrainLoop.Web.Pages.Deployments;

/// <summary>Gathers what happened to a deployment: alerts that fired and resolved, steps of rollouts, baselines, other changes.</summary>
public sealed class DeploymentEvents(InferenceClient inference, MonitorClient monitor, AlertsClient alerts)
{
    const int MostTransitions = 500;

    /// <summary>Of the window, oldest first. What cannot be asked now is left out.</summary>
    public async Task<IReadOnlyList<DeploymentEvent>> ReadAsync(string deployment, TimeWindow window, CancellationToken cancellationToken)
    {
        var transitions = TryAsync(alerts.HistoryAsync(deployment, window.From, window.To, MostTransitions, cancellationToken));
        var rollouts = TryAsync(inference.RolloutsAsync(deployment, cancellationToken));
        var baselines = TryAsync(monitor.BaselinesAsync(deployment, cancellationToken));
        var info = TryAsync(inference.FindDeploymentAsync(deployment, cancellationToken));
        DeploymentEvent[] events =
        [
            .. (await transitions ?? []).Where(change => change is { Replay: false, IsNote: false }).SelectMany(Of),
            .. (await rollouts ?? []).SelectMany(Of),
            .. (await baselines ?? []).SelectMany(Of),
            .. await info is { } known ? Of(known) : [],
        ];
        return [.. events.Where(one => one.At >= window.From && one.At < window.To).DistinctBy(one => (one.At, one.Kind, one.Text)).OrderBy(one => one.At)];
    }

    static IEnumerable<DeploymentEvent> Of(AlertTransition change)
    {
        var test = change.Test ? " (test)" : "";
        if (change.To == AlertState.Firing) yield return new(change.At, "alert", $"{change.RuleName} fires{test}", $"/alerts/{change.Alert}");
        if (change is { From: AlertState.Firing, To: AlertState.Resolved }) yield return new(change.At, "resolved", $"{change.RuleName} resolved{test}", $"/alerts/{change.Alert}");
    }

    static IEnumerable<DeploymentEvent> Of(RolloutInfo rollout) => rollout.Transitions.Select(change =>
        new DeploymentEvent(change.At, "rollout", $"Rollout of {rollout.Candidate}: {change.To}", $"/loop?deployment={Uri.EscapeDataString(rollout.Deployment)}"));

    static IEnumerable<DeploymentEvent> Of(BaselineInfo baseline)
    {
        yield return new(baseline.From, "baseline", $"Baseline of {baseline.Model} begins");
        if (baseline.LockedAt is { } locked) yield return new(locked, "baseline", $"Baseline of {baseline.Model} locked");
    }

    static IEnumerable<DeploymentEvent> Of(DeploymentInfo deployment) =>
        [new(deployment.UpdatedAt, "deployment", $"Deployment changed (revision {deployment.Revision}), serves {deployment.Champion}")];
}
