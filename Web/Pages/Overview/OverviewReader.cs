using RetrainLoop.Web.Stack;
using static RetrainLoop.Web.Stack.StackAnswer;

namespace RetrainLoop.Web.Pages.Overview;

/// <summary>Asks the services for the overview. What is away is left out: the banner says why, the rest of the page stays.</summary>
public sealed class OverviewReader(InferenceClient inference, MonitorClient monitor, TimeProvider time)
{
    /// <summary>A page rather shows a gap than waits longer.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    static readonly TimeSpan TelemetryDelay = TimeSpan.FromSeconds(4);
    const int MostCards = 48;

    /// <param name="name">The deployment to focus; null or unknown = the first.</param>
    public async Task<OverviewSnapshot> ReadAsync(string? name, OverviewRange range)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        var now = time.GetUtcNow();
        var provider = TryAsync(inference.InfoAsync(limit.Token));
        var deployments = await TryAsync(inference.DeploymentsAsync(limit.Token));
        var known = (deployments ?? []).Take(MostCards).ToList();
        var focus = known.FirstOrDefault(deployment => deployment.Name == name) ?? known.FirstOrDefault();
        var summaries = known.Select(deployment => TryAsync(monitor.SummaryAsync(deployment.Name, limit.Token))).ToList();
        var alerts = TryAsync(monitor.AlertsAsync(limit.Token));
        var metrics = focus is null ? null : ReadMetricsAsync(focus.Name, now, range, limit.Token);
        var holdout = focus is null ? null : TryAsync(monitor.EvaluationsAsync(focus.Name, "live-holdout", limit.Token));
        var cards = known.Zip(await Task.WhenAll(summaries), (deployment, summary) => new DeploymentOverview(deployment, summary)).ToList();
        return new OverviewSnapshot(
            now, range, deployments is null ? null : cards, cards.FirstOrDefault(card => card.Deployment == focus),
            metrics is null ? null : await metrics, [.. ((holdout is null ? null : await holdout) ?? []).OrderBy(evaluation => evaluation.At)],
            [.. (await alerts ?? []).Where(alert => alert.State is AlertState.Firing or AlertState.Pending)], await alerts is not null, await provider);
    }

    async Task<OverviewMetrics> ReadMetricsAsync(string deployment, DateTimeOffset now, OverviewRange range, CancellationToken cancellationToken)
    {
        // Only whole steps that telemetry has reached: a step under way would look like a fall.
        var end = DateTimeOffset.FromUnixTimeSeconds((now - TelemetryDelay).ToUnixTimeSeconds() / range.StepSeconds * range.StepSeconds);
        Task<MetricsResponse?> Ask(string metric, string? percentiles = null) =>
            TryAsync(monitor.MetricsAsync(deployment, metric, end - range.Length, end, range.StepSeconds, cancellationToken, percentiles));
        var (latency, requests, errors) = (Ask("latency", "50,95,99"), Ask("requests"), Ask("errors"));
        var (detections, confidence) = (Ask("detections"), Ask("confidence"));
        return new OverviewMetrics(
            (await latency)?.Series.Where(series => series.Labels.ContainsKey("p")).ToDictionary(series => series.Labels["p"], series => series.Points) ?? [],
            Line(await requests), Line(await errors, "kind", "all"), Line(await detections, "per", "request"), Line(await confidence));
    }

    /// <summary>The line of an answer that carries a label; without one the only line.</summary>
    static IReadOnlyList<MetricPoint> Line(MetricsResponse? answer, string? label = null, string? value = null) =>
        answer?.Series.FirstOrDefault(series => label is null || series.Labels.GetValueOrDefault(label) == value)?.Points ?? [];
}
