using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Replay;

/// <summary>The charts of a report: a point for each period, at its middle; the baseline and the periods that drifted are shaded.</summary>
static class ReplayCharts
{
    const string Group = "replay";

    public static LineChartSpec Detections(ReplayReport report) =>
        Chart(report, new UpAxis("per frame"), new ChartLine("Detections per frame", "accent", Points(report, period => period.DetectionsPerRequest)));

    public static LineChartSpec Confidence(ReplayReport report) =>
        Chart(report, new UpAxis("confidence", Min: null), new ChartLine("Mean confidence", "third", Points(report, period => period.MeanConfidence)));

    public static LineChartSpec Brightness(ReplayReport report) =>
        Chart(report, new UpAxis("luma", Min: null), new ChartLine("Brightness of the frames", "second", Points(report, period => period.MeanBrightness)));

    static LineChartSpec Chart(ReplayReport report, UpAxis axis, ChartLine line) =>
        new(AcrossAxis.Between(report.From, report.To), axis, null, [line], Group, Markers(report), Bands(report));

    static IReadOnlyList<double?[]> Points(ReplayReport report, Func<ReplayPeriod, double?> measure) =>
        [.. report.Periods.Select(period => new[] { Middle(period), measure(period) })];

    static double Middle(ReplayPeriod period) => (period.From.ToUnixTimeMilliseconds() + period.To.ToUnixTimeMilliseconds()) / 2.0;

    static List<ChartMarker> Markers(ReplayReport report) =>
    [
        new(report.BaselineUntil.ToUnixTimeMilliseconds(), "baseline", "The baseline ends"),
        .. report.Alerts.Select(alert => new ChartMarker(alert.FiredAt.ToUnixTimeMilliseconds(), "alert", $"{alert.RuleName} would have fired")),
        .. report.Alerts.Where(alert => alert.ResolvedAt is not null)
            .Select(alert => new ChartMarker(alert.ResolvedAt!.Value.ToUnixTimeMilliseconds(), "resolved", $"{alert.RuleName} would have resolved")),
    ];

    static List<ChartBand> Bands(ReplayReport report) =>
    [
        new(report.From.ToUnixTimeMilliseconds(), report.BaselineUntil.ToUnixTimeMilliseconds(), "third"),
        .. report.Periods.Where(period => period.Level == DriftLevel.Drift)
            .Select(period => new ChartBand(period.From.ToUnixTimeMilliseconds(), period.To.ToUnixTimeMilliseconds(), "warn")),
    ];
}
