using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Metrics;

/// <summary>One step of a chart: its start, the seconds of it that are covered so far, and the traffic of each group.</summary>
/// <param name="Seconds">0 where no telemetry covered it: nothing is known about that time.</param>
/// <param name="Groups">By the value that the chart is split by; "" when it is not split.</param>
public sealed record MetricStep(DateTimeOffset Start, double Seconds, IReadOnlyDictionary<string, SeriesSketch> Groups);

/// <summary>Traffic by step and group, while rows are being added. Pure.</summary>
public sealed class MetricTable(MetricChart chart)
{
    readonly Dictionary<(DateTimeOffset Step, string Group), SeriesSketch> sums = [];
    readonly Dictionary<long, DateTimeOffset> steps = [];

    /// <summary>The sketch that a row of a series adds to.</summary>
    /// <param name="start">Unix seconds.</param>
    public SeriesSketch At(SeriesKey series, long start)
    {
        if (!steps.TryGetValue(start, out var step)) steps[start] = step = chart.Range.StepOf(DateTimeOffset.FromUnixTimeSeconds(start));
        var key = (step, GroupOf(series));
        if (!sums.TryGetValue(key, out var sum)) sums[key] = sum = new SeriesSketch();
        return sum;
    }

    /// <summary>Every step in order, also those in which nothing happened.</summary>
    public List<MetricStep> Steps(TelemetryCoverage coverage)
    {
        var byStep = sums.ToLookup(pair => pair.Key.Step);
        return [.. chart.Range.Starts().Select(start =>
        {
            var end = chart.Range.Next(start);
            var groups = byStep[start].ToDictionary(pair => pair.Key.Group, pair => pair.Value);
            var alive = groups.Count > 0 || coverage.IsAlive(start, end);
            return new MetricStep(start, alive ? Covered(start, end, coverage.Newest) : 0, groups);
        })];
    }

    /// <summary>The step under way is covered up to the newest watermark: a rate over all of it would fall at the end of each chart.</summary>
    static double Covered(DateTimeOffset start, DateTimeOffset end, DateTimeOffset? newest)
    {
        var until = newest?.Floor(Resolutions.TenSeconds) is { } folded && folded > start && folded < end ? folded : end;
        return (until - start).TotalSeconds;
    }

    string GroupOf(SeriesKey series) => chart.Metric == Metric.Regions ? series.Region : chart.Split switch
    {
        MetricSplit.Version => $"{series.Model.Name}:{series.Model.Version}",
        MetricSplit.Slot => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(series.Slot.ToString()),
        MetricSplit.Camera => series.Camera,
        MetricSplit.Region => series.Region,
        _ => "",
    };
}
