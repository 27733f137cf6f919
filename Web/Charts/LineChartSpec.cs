using System.Text.Json.Serialization;

namespace RetrainLoop.Web.Charts;

/// <summary>What <c>wwwroot/charts/line-chart.js</c> draws.</summary>
/// <param name="Group">Charts of one group on a page share their cursor.</param>
/// <param name="Markers">What happened at an instant; drawn as upright lines.</param>
/// <param name="Bands">Stretches of time to shade.</param>
public sealed record LineChartSpec(
    AcrossAxis Across, UpAxis Left, UpAxis? Right, IReadOnlyList<ChartLine> Lines, string? Group = null, IReadOnlyList<ChartMarker>? Markers = null,
    IReadOnlyList<ChartBand>? Bands = null);

/// <summary>An instant, in Unix milliseconds.</summary>
/// <param name="Kind"><c>alert, resolved, rollout, baseline</c> or <c>deployment</c>: gives colour and shape.</param>
public sealed record ChartMarker(double At, string Kind, string Text);

/// <summary>A stretch of time, in Unix milliseconds.</summary>
/// <param name="Color">Name of a token.</param>
public sealed record ChartBand(double From, double To, string Color);

/// <summary>The horizontal axis: time between two instants in Unix milliseconds, or a counted thing with its name.</summary>
public sealed record AcrossAxis(bool Time, double? From = null, double? To = null, string? Name = null)
{
    public static AcrossAxis Between(DateTimeOffset from, DateTimeOffset to) => new(true, from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
}

/// <param name="Unit">Stands above the axis and behind each value of the tooltip.</param>
/// <param name="Interval">Between two ticks; null = the chart chooses.</param>
public sealed record UpAxis(string Unit, double? Min = 0, double? Max = null, double? Interval = null);

/// <summary>One line.</summary>
/// <param name="Color">Name of a token, for example <c>accent</c>.</param>
/// <param name="Points">Pairs (x, y); y null is a gap.</param>
/// <param name="Right">Measured on the right axis.</param>
/// <param name="Quiet">Thin, for context.</param>
/// <param name="Stack">Lines of the same stack stand on each other.</param>
/// <param name="Bars">Drawn as bars around their x.</param>
/// <param name="Limit">A horizontal line that should not be crossed.</param>
public sealed record ChartLine(
    string Name, string Color, IReadOnlyList<double?[]> Points, bool Right = false, bool Dashed = false, bool Filled = false, bool Quiet = false,
    string? Stack = null, bool Bars = false, double? Limit = null, string? LimitName = null)
{
    /// <summary>The last measured value.</summary>
    [JsonIgnore] public double? Latest => Points.LastOrDefault(point => point[1] is not null)?[1];

    /// <summary>Points of a metric as a chart takes them.</summary>
    public static IReadOnlyList<double?[]> PointsOf(IEnumerable<MetricPoint> points, double scale = 1) =>
        [.. points.Select(point => new[] { point.At.ToUnixTimeMilliseconds(), point.Value * scale })];
}
