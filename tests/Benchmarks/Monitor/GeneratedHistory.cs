using Npgsql;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Benchmarks.Monitor;

/// <summary>Writes buckets of a past that nobody waited for: the same rows, through the same code, that folding and rolling up would have left.</summary>
static class GeneratedHistory
{
    const int Templates = 12;

    /// <summary>Buckets of one resolution for cameras and their regions over [from, to).</summary>
    /// <param name="framesPerSecond">Requests per second and camera.</param>
    public static async Task WriteAsync(
        NpgsqlDataSource database, SeriesTable table, int cameras, DateTimeOffset from, DateTimeOffset to, double framesPerSecond, CancellationToken cancellationToken,
        string deployment = "line")
    {
        var sketches = Enumerable.Range(0, Templates).Select(seed => Sketch(table.Resolution, framesPerSecond, seed)).ToList();
        var series = new GeneratedTraffic(cameras).Second(from).Select(SeriesKey.Of).ToList();
        if (table == SeriesTable.Seconds) series = [];
        series.AddRange(new GeneratedTraffic(cameras).Second(from).Select(second => SeriesKey.Of(second).OfRegion()).Distinct());
        series = [.. series.Select(key => key with { Deployment = deployment })];
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var appender = new SeriesAppender();
        foreach (var starts in Starts(table, from, to).Chunk(Math.Max(1, 50_000 / series.Count)))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var rows = starts.SelectMany((start, i) => series.Select((key, j) => (Key: (key, start), Sketch: sketches[(i + j) % Templates])))
                .ToDictionary(row => row.Key, row => row.Sketch);
            appender.Begin();
            await appender.AppendAsync(connection, transaction, table, rows, cancellationToken);
            await SeriesFrontiers.MoveAsync(connection, transaction, table.Resolution, table == SeriesTable.Days ? deployment : "", starts[^1] + table.Resolution, cancellationToken);
            await appender.CommitAsync(transaction, cancellationToken);
        }
    }

    static IEnumerable<long> Starts(SeriesTable table, DateTimeOffset from, DateTimeOffset to)
    {
        for (var start = from.ToUnixTimeSeconds(); start < to.ToUnixTimeSeconds(); start += table.Resolution) yield return start;
    }

    /// <summary>One bucket of one camera, frame by frame up to an hour's worth; longer ones repeat that hour.</summary>
    public static SeriesSketch Sketch(int seconds, double framesPerSecond, int seed)
    {
        var sketch = new SeriesSketch();
        var batch = (int)Math.Clamp(seconds * framesPerSecond, 1, 400); // frames drawn at once
        var traffic = new GeneratedTraffic(1, batch, seed);
        for (var frames = seconds * framesPerSecond; frames > 0; frames -= batch) sketch.Add(traffic.Second(DateTimeOffset.UnixEpoch)[0]);
        return sketch;
    }
}
