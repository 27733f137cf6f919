using System.Text.Json;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Benchmarks.Monitor;

/// <summary>Encoded bytes of widths by heights, on the wire and in each table, beside what a series-day takes with them.</summary>
static class BoxSizeBenchmark
{
    const int Cameras = 50;

    static readonly int[] FramesPerSecond = [1, 4, 10];

    public static Task<BenchmarkTable> RunAsync(CancellationToken cancellationToken)
    {
        var table = new BenchmarkTable(["kB per series-day", .. FramesPerSecond.SelectMany(frames => new[] { $"{frames} frames/s", "of it width by height" })]);
        AddRow(table, "wire, JSON", frames => Sent(frames, batch => JsonSerializer.SerializeToUtf8Bytes(batch, ContractJson.Options)));
        AddRow(table, "wire, bytes", frames => Sent(frames, TelemetryBatchCodec.Encode));
        foreach (var series in SeriesTable.All.Where(series => series != SeriesTable.Seconds)) AddRow(table, series.Name, frames => Stored(series, frames));
        return Task.FromResult(table);
    }

    static void AddRow(BenchmarkTable table, string where, Func<int, (double Whole, double Grid)> measure) =>
        table.Add([where, .. FramesPerSecond.Select(measure).SelectMany(day => new object[] { $"{day.Whole / 1000:N1}", $"{day.Grid / 1000:N1} ({day.Grid / day.Whole:P1})" })]);

    static (double, double) Sent(int framesPerSecond, Func<TelemetryBatch, byte[]> encode)
    {
        var batch = new TelemetryBatch("replica", Guid.Empty, 1, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, new GeneratedTraffic(Cameras, framesPerSecond).Second(DateTimeOffset.UnixEpoch));
        var without = batch with { Series = [.. batch.Series.Select(second => second with { Classes = [.. second.Classes.Select(detected => detected with { BoxSize = null })] })] };
        double whole = encode(batch).Length;
        return (86_400 / Cameras * whole, 86_400 / Cameras * (whole - encode(without).Length));
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
