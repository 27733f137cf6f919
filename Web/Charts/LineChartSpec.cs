using System.Text.Json.Serialization;

namespace RetrainLoop.Web.Charts;

/// <summary>What <c>wwwroot/charts/line-chart.js</c> draws.</summary>
public sealed record LineChartSpec(AcrossAxis Across, UpAxis Left, UpAxis? Right, IReadOnlyList<ChartLine> Lines);

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
/// <param name="Limit">A horizontal line that should not be crossed.</param>
public sealed record ChartLine(
    string Name, string Color, IReadOnlyList<double?[]> Points, bool Right = false, bool Dashed = false, bool Filled = false, bool Quiet = false,
    double? Limit = null, string? LimitName = null)
{
    /// <summary>The last measured value.</summary>
    [JsonIgnore] public double? Latest => Points.LastOrDefault(point => point[1] is not null)?[1];

    /// <summary>Points of a metric as a chart takes them.</summary>
    public static IReadOnlyList<double?[]> PointsOf(IEnumerable<MetricPoint> points, double scale = 1) =>
        [.. points.Select(point => new[] { point.At.ToUnixTimeMilliseconds(), point.Value * scale })];
}
