using Npgsql;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Benchmarks.Monitor;

/// <summary>Bytes that a day of one camera takes in each table, indexes and everything included, at a slow and a fast camera.</summary>
static class StorageBenchmark
{
    static readonly DateTimeOffset Day = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    static readonly TelemetryOptions Kept = new();

    public static async Task<BenchmarkTable> RunAsync(CancellationToken cancellationToken)
    {
        var table = new BenchmarkTable("table", "kept", "kB per series-day, 1 frame/s", "kB per series-day, 10 frames/s", "ratio");
        var (slow, fast) = (await MeasureAsync(1, cancellationToken), await MeasureAsync(10, cancellationToken));
        foreach (var (series, keep) in new[]
        {
            (SeriesTable.Seconds, Kept.KeepSeconds), (SeriesTable.TenSeconds, Kept.KeepTenSeconds), (SeriesTable.Minutes, Kept.KeepMinutes),
            (SeriesTable.Hours, Kept.KeepHours), (SeriesTable.Days, Kept.KeepDays),
        })
            table.Add(series.Name, $"{keep.TotalDays:0.##} days", $"{slow[series] / 1000:F1}", $"{fast[series] / 1000:F1}", $"{fast[series] / slow[series]:F2}");
        return table;
    }

    static async Task<Dictionary<SeriesTable, double>> MeasureAsync(double framesPerSecond, CancellationToken cancellationToken)
    {
        await using var load = await MonitorUnderLoad.StartAsync(cancellationToken);
        var bytes = new Dictionary<SeriesTable, double>();
        foreach (var series in SeriesTable.All)
        {
            var days = series.Resolution switch { Resolutions.Day => 360, Resolutions.Hour => 20, _ => 1 }; // enough rows to fill pages
            var cameras = series == SeriesTable.Days ? 20 : 2;
            await GeneratedHistory.WriteAsync(load.Database, series, cameras, Day, Day.AddDays(days), framesPerSecond, cancellationToken);
            bytes[series] = await SizeAsync(load.Database, series, cancellationToken) * 86400.0 / series.Resolution;
        }
        return bytes;
    }

    /// <summary>Bytes per row.</summary>
    static async Task<double> SizeAsync(NpgsqlDataSource database, SeriesTable series, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            select (select sum(pg_total_relation_size(inhrelid)) from pg_inherits where inhparent = '{series.Name}'::regclass)::float8
                / (select count(*) from {series.Name})
            """);
        return (double)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
