using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Metrics;

/// <summary>Reads what charts and figures need from series.</summary>
static class MetricsReader
{
    public static async Task<MetricsResponse> ReadAsync(NpgsqlDataSource database, string deployment, MetricChart chart, CancellationToken cancellationToken)
    {
        if (chart is { IsStepFree: true, Split: MetricSplit.Camera })
            chart = chart with { Range = chart.Range.ForLines(await SeriesStore.CountCamerasAsync(database, deployment, series => chart.Filter.Holds(series), cancellationToken)) };
        var (table, detections) = (new MetricTable(chart), chart.Metric.ReadsDetections());
        var query = new SeriesQuery(deployment, chart.Range.Resolution, chart.Range.StepOf(chart.Range.From), chart.Range.To)
        {
            Level = chart.Level, Parts = chart.Metric.Parts(), Zone = chart.Range.Zone,
            Where = series => chart.Filter.Holds(series, everySlot: chart.Split == MetricSplit.Slot),
        };
        await SeriesStore.ScanAsync(database, query, (series, start, sketch) => SketchCodec.AddTo(table.At(series, start), sketch, detections), cancellationToken);
        var coverage = await TelemetryCoverage.ReadAsync(database, cancellationToken);
        return new MetricsResponse(MetricQuery.Run(chart, table.Steps(coverage)), chart.Metric.Unit(), chart.Range.Step);
    }

    /// <summary>Sums over [from, to) and the period of equal length before it.</summary>
    /// <param name="finest">The finest resolution that is still kept of that time.</param>
    public static async Task<IReadOnlyList<MetricFigure>> FiguresAsync(
        NpgsqlDataSource database, string deployment, MetricFilter filter, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken,
        int finest = Resolutions.TenSeconds)
    {
        var resolution = ResolutionFor(to - from, finest);
        (from, to) = (from.Floor(resolution), to.Floor(resolution));
        if (from == to) to = from.AddSeconds(resolution);
        var before = from - (to - from);
        var (current, previous) = (new SeriesSketch(), new SeriesSketch());
        var query = new SeriesQuery(deployment, resolution, before, to)
        {
            Level = filter.Level, Parts = SketchParts.Latency, Where = series => filter.Holds(series),
        };
        var split = from.ToUnixTimeSeconds();
        await SeriesStore.ScanAsync(database, query, (_, start, sketch) => SketchCodec.AddTo(start < split ? previous : current, sketch), cancellationToken);
        var coverage = await TelemetryCoverage.ReadAsync(database, cancellationToken);
        return MetricFigures.Of(current, coverage.Covered(from, to), previous, coverage.Covered(before, from), filter.Class);
    }

    public static async Task<MetricDimensions> DimensionsAsync(
        NpgsqlDataSource database, string deployment, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken,
        int finest = Resolutions.TenSeconds)
    {
        var resolution = ResolutionFor(to - from, finest);
        var query = new SeriesQuery(deployment, resolution, from.Floor(resolution), to) { Level = SeriesLevel.Region, Parts = SketchParts.Counts };
        var (seen, sum) = (new HashSet<SeriesKey>(), new SeriesSketch());
        await SeriesStore.ScanAsync(database, query, (series, _, sketch) =>
        {
            seen.Add(series);
            SketchCodec.AddTo(sum, sketch);
        }, cancellationToken);
        var cameras = await SeriesStore.ActiveAsync(database, query with { Level = SeriesLevel.Camera }, cancellationToken);
        return new MetricDimensions(
            [.. seen.Select(series => series.Model).Distinct().OrderBy(model => model.Name, StringComparer.Ordinal).ThenBy(model => model.Version)],
            [.. seen.Select(series => series.Slot).Distinct().Order()],
            [.. seen.Select(series => series.Region).Distinct().Order(StringComparer.Ordinal)],
            [.. cameras.Select(series => series.Camera).Distinct().Order(StringComparer.Ordinal)],
            [.. sum.Classes.Keys.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Fine enough that the ends of a period are its ends to within 1 %.</summary>
    static int ResolutionFor(TimeSpan length, int finest) => Math.Max(Math.Min(finest, Resolutions.Hour), length.TotalSeconds switch
    {
        >= 100 * Resolutions.Hour => Resolutions.Hour,
        >= 100 * Resolutions.Minute => Resolutions.Minute,
        _ => Resolutions.TenSeconds,
    });
}
