using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Overview;

/// <summary>What the overview's charts show of a snapshot.</summary>
public static class OverviewCharts
{
    public static LineChartSpec Latency(OverviewSnapshot snapshot, double budgetMs) => new(
        Across(snapshot), new UpAxis("ms"), null,
        [
            Percentile(snapshot, "50", "p50", "third"),
            Percentile(snapshot, "95", "p95", "accent") with { Limit = budgetMs, LimitName = $"p95 budget {Figure.Milliseconds(budgetMs)}" },
            Percentile(snapshot, "99", "p99", "second") with { Quiet = true },
        ]);

    public static LineChartSpec Traffic(OverviewSnapshot snapshot)
    {
        var requests = ChartLine.PointsOf(snapshot.Metrics?.RequestsPerSecond ?? []);
        var errors = ChartLine.PointsOf(snapshot.Metrics?.ErrorRate ?? [], scale: 100);
        var most = errors.Max(point => point[1]) ?? 0;
        return new LineChartSpec(
            Across(snapshot), new UpAxis("req/s"), new UpAxis("% errors", Max: most < 5 ? 5 : null),
            [
                new ChartLine("Requests", "accent", requests, Filled: true),
                new ChartLine("Errors", "bad", errors, Right: true, Dashed: true),
            ]);
    }

    /// <summary>The catalogue's regions with their share of traffic, and none that the catalogue has no place for.</summary>
    public static IReadOnlyList<MapRegion> Regions(DeploymentOverview deployment) =>
        [.. deployment.Deployment.Regions.Select(region => new MapRegion(
            region.DisplayName, region.Longitude, region.Latitude, deployment.Summary?.RegionShares.GetValueOrDefault(region.Name) ?? 0))];

    static ChartLine Percentile(OverviewSnapshot snapshot, string percentile, string name, string color) =>
        new(name, color, ChartLine.PointsOf(snapshot.Metrics?.LatencyMs.GetValueOrDefault(percentile) ?? []));

    static AcrossAxis Across(OverviewSnapshot snapshot) => AcrossAxis.Between(snapshot.At - snapshot.Range.Length, snapshot.At);
}
