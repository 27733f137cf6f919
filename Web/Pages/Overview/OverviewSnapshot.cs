namespace RetrainLoop.Web.Pages.Overview;

/// <summary>Everything the overview shows, read at one moment.</summary>
/// <param name="Deployments">Null when Inference could not be asked.</param>
/// <param name="Selected">The deployment in focus; null when there is none.</param>
/// <param name="Provider">What models run on; null when Inference did not say.</param>
/// <param name="MonitorAnswers">False = whatever is missing is not known, rather than not there.</param>
public sealed record OverviewSnapshot(
    DateTimeOffset At, OverviewRange Range, IReadOnlyList<DeploymentOverview>? Deployments, DeploymentOverview? Selected, OverviewMetrics? Metrics,
    IReadOnlyList<EvaluationInfo> LiveHoldout, IReadOnlyList<AlertInfo> Alerts, bool MonitorAnswers, ProviderInfo? Provider = null);

/// <param name="Summary">Null when Monitor could not be asked or does not know the deployment yet.</param>
public sealed record DeploymentOverview(DeploymentInfo Deployment, DeploymentSummary? Summary);

/// <summary>Series over the range, on the same steps.</summary>
/// <param name="ErrorRate">Share in [0, 1].</param>
public sealed record OverviewMetrics(
    IReadOnlyDictionary<string, IReadOnlyList<MetricPoint>> LatencyMs, IReadOnlyList<MetricPoint> RequestsPerSecond, IReadOnlyList<MetricPoint> ErrorRate,
    IReadOnlyList<MetricPoint> DetectionsPerRequest, IReadOnlyList<MetricPoint> MeanConfidence);
