using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Alerts;

/// <summary>A rule's metric over a time with its threshold, and shaded where it fired.</summary>
static class PreviewChart
{
    public static LineChartSpec Of(AlertRulePreview preview, string name, DateTimeOffset from, DateTimeOffset to, IReadOnlyList<ChartMarker>? markers = null)
    {
        var (unit, scale) = AlertWords.Axis(preview.Unit);
        var least = preview.Values.Min(point => point.Value) < 0 ? (double?)null : 0;
        var line = new ChartLine(name, "accent", ChartLine.PointsOf(preview.Values, scale));
        if (preview.Threshold is { } threshold)
            line = line with { Limit = threshold * scale, LimitName = $"threshold {Figure.Digits(threshold * scale)} {unit}" };
        var highest = Math.Max(preview.Values.Max(point => point.Value) ?? 0, preview.Threshold ?? 0) * scale;
        return new LineChartSpec(
            AcrossAxis.Between(from, to), new UpAxis(unit, least, Ceiling(preview, highest)), null, [line], Markers: markers,
            Bands: [.. preview.Firings.Select(firing => new ChartBand(firing.From.ToUnixTimeMilliseconds(), (firing.To ?? to).ToUnixTimeMilliseconds(), "bad"))]);
    }

    // A threshold above all values would otherwise lie outside of the plot.
    static double? Ceiling(AlertRulePreview preview, double highest)
    {
        if (preview.Threshold is not { } threshold || preview.Values.Any(point => point.Value > threshold) || highest <= 0) return null;
        var size = Math.Pow(10, Math.Floor(Math.Log10(highest)));
        return Math.Ceiling(highest * 1.15 / size * 2) / 2 * size;
    }
}
