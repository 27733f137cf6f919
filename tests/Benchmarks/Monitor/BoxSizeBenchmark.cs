using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Benchmarks.Monitor;

/// <summary>Encoded bytes of widths by heights, on the wire and in each table, beside what a series-day takes with them.</summary>
static class BoxSizeBenchmark
{
    const int Cameras = 50;

    public static Task<BenchmarkTable> RunAsync(CancellationToken cancellationToken)
    {
        var table = new BenchmarkTable("where", "kB per series-day, 1 frame/s", "of it width by height", "kB per series-day, 10 frames/s", "of it width by height");
        AddRow(table, "wire", [.. new[] { 1, 10 }.Select(Wire)]);
        foreach (var series in SeriesTable.All.Where(series => series != SeriesTable.Seconds))
            AddRow(table, series.Name, [.. new[] { 1, 10 }.Select(frames => Stored(series, frames))]);
        return Task.FromResult(table);
    }

    static void AddRow(BenchmarkTable table, string where, (double Whole, double Grid)[] perDay) =>
        table.Add([where, .. perDay.SelectMany(day => new object[] { $"{day.Whole / 1000:F1}", $"{day.Grid / 1000:F1} ({day.Grid / day.Whole:P1})" })]);

    static (double, double) Wire(int framesPerSecond)
    {
        var batch = new TelemetryBatch("replica", Guid.Empty, 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, new GeneratedTraffic(Cameras, framesPerSecond).Second(DateTimeOffset.UnixEpoch));
        var without = batch with { Series = [.. batch.Series.Select(second => second with { Classes = [.. second.Classes.Select(detected => detected with { BoxSize = null })] })] };
        double whole = TelemetryBatchCodec.Encode(batch).Length;
        // Without a grid its place is still a byte for each class.
        var grid = whole - TelemetryBatchCodec.Encode(without).Length + batch.Series.Sum(second => second.Classes.Count);
        return (86_400 / Cameras * whole, 86_400 / Cameras * grid);
    }

    static (double, double) Stored(SeriesTable table, int framesPerSecond)
    {
        var sketch = GeneratedHistory.Sketch(table.Resolution, framesPerSecond, seed: 1);
        var (whole, grid) = (new ByteWriter(), new ByteWriter());
        for (var part = 0; part < SketchCodec.Parts; part++) SketchCodec.Write(whole, sketch, part);
        foreach (var detected in sketch.Classes.Values) grid.Histogram(detected.BoxSize.Bins, detected.BoxSize.Counts);
        var rows = 86_400.0 / table.Resolution;
        return (rows * whole.Length, rows * grid.Length);
    }
}
