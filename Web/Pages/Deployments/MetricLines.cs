using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Deployments;

/// <summary>Turns the series of an answer into the lines of a chart.</summary>
static class MetricLines
{
    public const int Most = 8;
    static readonly string[] Colors = ["accent", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];

    /// <summary>One line for each value of a label, at most <see cref="Most"/>: those with the highest mean, in the order of their names.</summary>
    /// <param name="scale">Multiplies each value, 100 for a share in percent.</param>
    /// <param name="order">Values that come first, in this order.</param>
    public static IReadOnlyList<ChartLine> By(
        string label, IEnumerable<MetricSeries> series, double scale = 1, Func<string, string>? name = null, IReadOnlyList<string>? order = null)
    {
        int Rank(string value) => order?.ToList().IndexOf(value) is >= 0 and var at ? at : int.MaxValue;
        var kept = series.Where(one => one.Labels.ContainsKey(label))
            .OrderByDescending(Mean).Take(Most).OrderBy(one => Rank(one.Labels[label])).ThenBy(one => one.Labels[label], StringComparer.Ordinal).ToList();
        return [.. kept.Select((one, index) => new ChartLine((name ?? Same)(one.Labels[label]), Colors[index], ChartLine.PointsOf(one.Points, scale)))];
    }

    /// <summary>The points of the first series that a condition holds for; none when there is no such series.</summary>
    public static IReadOnlyList<double?[]> Points(MetricsResponse? answer, Func<IReadOnlyDictionary<string, string>, bool> condition, double scale = 1) =>
        answer?.Series.FirstOrDefault(series => condition(series.Labels)) is { } found ? ChartLine.PointsOf(found.Points, scale) : [];

    /// <summary>Moves points from the start of their step to its middle, where a bar stands.</summary>
    public static IReadOnlyList<ChartLine> AsBars(IReadOnlyList<ChartLine> lines, int stepSeconds, string stack) =>
        [.. lines.Select(line => line with { Bars = true, Stack = stack, Points = [.. line.Points.Select(point => new[] { point[0] + stepSeconds * 500.0, point[1] })] })];

    static double Mean(MetricSeries series) => series.Points.Average(point => point.Value) ?? 0;

    static string Same(string name) => name;
}
