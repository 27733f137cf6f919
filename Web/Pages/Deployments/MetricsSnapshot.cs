using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Deployments;

/// <summary>Everything that the metrics tab shows, read at one moment.</summary>
/// <param name="Answers">By metric; a metric is missing when Monitor did not answer it.</param>
/// <param name="Events">In the window, oldest first.</param>
public sealed record MetricsSnapshot(
    MetricsView View, TimeWindow Window, IReadOnlyDictionary<string, MetricsResponse> Answers, IReadOnlyDictionary<string, MetricFigure> Figures,
    MetricDimensions? Dimensions, IReadOnlyList<DeploymentEvent> Events)
{
    /// <summary>False = whatever is missing is not known, rather than not there.</summary>
    public bool MonitorAnswers => Answers.Count > 0;

    /// <summary>Whether anything was measured in the window.</summary>
    public bool IsEmpty => Answers.Values.All(answer => answer.Series.All(series => series.Points.All(point => point.Value is null or 0)));
}

/// <summary>Something that happened to a deployment, for the time axis.</summary>
/// <param name="Kind">As <see cref="ChartMarker.Kind"/>.</param>
/// <param name="Address">Where there is more about it.</param>
public sealed record DeploymentEvent(DateTimeOffset At, string Kind, string Text, string? Address = null)
{
    public ChartMarker Marker => new(At.ToUnixTimeMilliseconds(), Kind, Text);
}
