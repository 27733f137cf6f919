using RetrainLoop.Monitor.Metrics;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Benchmarks.Monitor;

/// <summary>Charts of a deployment with a hundred cameras over a month of history, each asked several times; the median counts.</summary>
static class QueryBenchmark
{
    const int Cameras = 100, Times = 15;
    static readonly DateTimeOffset End = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    public static async Task<BenchmarkTable> RunAsync(CancellationToken cancellationToken)
    {
        await using var load = await MonitorUnderLoad.StartAsync(cancellationToken);
        load.Time.Now = End;
        await GeneratedHistory.WriteAsync(load.Database, SeriesTable.Days, Cameras, End.AddDays(-60), End, 1, cancellationToken);
        await GeneratedHistory.WriteAsync(load.Database, SeriesTable.Hours, Cameras, End.AddDays(-60), End, 1, cancellationToken);
        await GeneratedHistory.WriteAsync(load.Database, SeriesTable.Minutes, Cameras, End.AddDays(-2), End, 1, cancellationToken);
        await using (var analyze = load.Database.CreateCommand("analyze")) await analyze.ExecuteNonQueryAsync(cancellationToken);

        var table = new BenchmarkTable("question", "range", "points", "median ms", "against a day");
        foreach (var (name, metric, split) in new[]
        {
            ("p50, p95, p99", "latency", null), ("request rate", "requests", null), ("detections", "detections", null), ("stage timings", "stages", null),
            ("request rate per camera", "requests", "camera"),
        })
        {
            var day = await MedianAsync(load, metric, split, TimeSpan.FromDays(1), cancellationToken);
            var month = await MedianAsync(load, metric, split, TimeSpan.FromDays(30), cancellationToken);
            table.Add(name, "1 day", day.Points, $"{day.Milliseconds:F1}", "1");
            table.Add(name, "30 days", month.Points, $"{month.Milliseconds:F1}", $"{month.Milliseconds / day.Milliseconds:F2}");
        }
        var hours = await MedianAsync(load, "requests", "camera", TimeSpan.FromDays(30), cancellationToken, step: 6 * Resolutions.Hour);
        table.Add("request rate per camera, every 6 hours on demand", "30 days", hours.Points, $"{hours.Milliseconds:F1}", "");
        var figures = await MedianAsync(() => MetricsReader.FiguresAsync(load.Database, "line", new MetricFilter(), End.AddDays(-30), End, cancellationToken));
        return table.Add("figures against the month before", "30 days", 8, $"{figures:F1}", "");
    }

    static async Task<(double Milliseconds, int Points)> MedianAsync(MonitorUnderLoad load, string metric, string? split, TimeSpan range, CancellationToken cancellationToken, int? step = null)
    {
        var request = new MetricRequest(metric, End - range, End, step, null, split, null, null, null, null, null, null);
        var (chart, refusal) = MetricChart.Parse(request, TimeZoneInfo.Utc, End);
        if (chart is null) throw new InvalidOperationException(refusal);
        var points = 0;
        var milliseconds = await MedianAsync(async () =>
            points = (await MetricsReader.ReadAsync(load.Database, "line", chart, cancellationToken)).Series.Sum(series => series.Points.Count));
        return (milliseconds, points);
    }

    static async Task<double> MedianAsync(Func<Task> ask)
    {
        await ask();
        var times = new List<double>();
        for (var i = 0; i < Times; i++)
        {
            var started = TimeProvider.System.GetTimestamp();
            await ask();
            times.Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
        }
        return times.Order().ElementAt(Times / 2);
    }
}
