using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Deployments;

/// <summary>One chart of the metrics tab.</summary>
/// <param name="Metric">As Monitor names it; also what its CSV holds.</param>
/// <param name="Note">What exactly is measured.</param>
/// <param name="Figures">Of the whole window, with a short label each.</param>
/// <param name="Alert">What a rule about this chart watches; null = there is none.</param>
/// <param name="StepSeconds">Between two points.</param>
public sealed record MetricChart(
    string Metric, string Title, string Note, IReadOnlyList<(string Label, MetricFigure Figure)> Figures, LineChartSpec Spec, AlertMetric? Alert, int StepSeconds);
