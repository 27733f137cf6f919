using System.Text.Json;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Benchmarks.Monitor;

/// <summary>
/// Sends batches as fast as they are taken: bytes are read, checked and made durable, while closed seconds are folded and rolled up beside it, all on
/// this machine's cores with PostgreSQL. A series-second is one second of one camera.
/// </summary>
static class IngestBenchmark
{
    const int Replicas = 2, CamerasEach = 500, WarmUp = 20, Measured = 120;
    static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    public static async Task<BenchmarkTable> RunAsync(CancellationToken cancellationToken)
    {
        await using var load = await MonitorUnderLoad.StartAsync(cancellationToken);
        // Ten different seconds are sent over and over: making them up must not be measured.
        var templates = Enumerable.Range(0, 10).Select(i => new GeneratedTraffic(CamerasEach, seed: i).Second(DateTimeOffset.UnixEpoch)).ToList();
        var table = new BenchmarkTable("step", "series-seconds/s", "µs each", "share of the whole");

        var json = templates.Select(second => JsonSerializer.SerializeToUtf8Bytes(Batch(0, 1, second), ContractJson.Options)).ToList();
        var bytes = templates.Select(second => TelemetryBatchCodec.Encode(Batch(0, 1, second))).ToList();
        var readJson = Clock(i => TelemetryBatchCodec.Encode(JsonSerializer.Deserialize<TelemetryBatch>(json[i], ContractJson.Options)!));
        var readBytes = Clock(i => TelemetryBodyCheck.Read(bytes[i]));
        var sent = Enumerable.Range(1, WarmUp + Measured).Select(second => Enumerable.Range(0, Replicas).Select(replica => Encode(replica, second, templates[second % 10])).ToList()).ToList();

        var (addUp, encode) = await FoldingAsync(load, [.. sent.Take(10).SelectMany(second => second)], cancellationToken);

        TimeSpan cpu = default, keep = default, fold = default, rollUp = default;
        var started = TimeProvider.System.GetTimestamp();
        for (var second = 1; second <= WarmUp + Measured; second++)
        {
            if (second == WarmUp + 1) (keep, fold, rollUp, cpu, started) = (default, default, default, Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());
            load.Time.Now = Start.AddSeconds(second);
            var sending = TimedAsync(() => Task.WhenAll(Enumerable.Range(0, Replicas).Select(replica => Task.Run(() => SendAsync(load, sent[second - 1][replica], cancellationToken)))));
            if (second % 10 == 1)
            {
                fold += await TimedAsync(() => load.Folder.RunOnceAsync(cancellationToken));
                rollUp += await TimedAsync(() => load.RollUp.RunOnceAsync(cancellationToken));
            }
            keep += await sending;
        }
        var whole = TimeProvider.System.GetElapsedTime(started);
        double each = Replicas * CamerasEach * Measured;
        table.Add($"read and check JSON ({json[0].Length / CamerasEach} bytes each)", Rate(readJson), Micro(readJson), "");
        table.Add($"read and check bytes ({bytes[0].Length / CamerasEach} bytes each)", Rate(readBytes), Micro(readBytes), "");
        table.Add("decode and add up, CPU", Rate(addUp), Micro(addUp), "");
        table.Add("encode what was added up, CPU", Rate(encode), Micro(encode), "");
        table.Add("take bytes (read, check, make durable)", Rate(keep / each), Micro(keep / each), Percent(keep, whole));
        table.Add("fold", Rate(fold / each), Micro(fold / each), Percent(fold, whole));
        table.Add("roll up", Rate(rollUp / each), Micro(rollUp / each), Percent(rollUp, whole));
        table.Add("CPU of Monitor, all of it", Rate((Environment.CpuUsage.TotalTime - cpu) / each), Micro((Environment.CpuUsage.TotalTime - cpu) / each), "");
        return table.Add("all, sustained", Rate(whole / each), Micro(whole / each), "100 %");
    }

    /// <summary>CPU time per series-second of folding ten seconds, without the database.</summary>
    static async Task<(TimeSpan AddUp, TimeSpan Encode)> FoldingAsync(MonitorUnderLoad load, List<byte[]> bodies, CancellationToken cancellationToken)
    {
        await using var connection = await load.Database.OpenConnectionAsync(cancellationToken);
        var frontiers = await SeriesFrontiers.ReadAsync(connection, cancellationToken);
        var keptFrom = SeriesTable.All.ToDictionary(table => table, _ => 0L);
        TimeSpan addUp = default, encode = default;
        const int Rounds = 6;
        for (var round = 0; round < Rounds; round++)
        {
            if (round == 1) (addUp, encode) = (default, default); // the first warms up
            var started = Environment.CpuUsage.TotalTime;
            var fold = new BatchFold(frontiers, keptFrom, _ => TimeZoneInfo.Utc);
            foreach (var body in bodies) fold.Add(body, 0, 0, long.MaxValue);
            fold.SumRegions();
            var added = Environment.CpuUsage.TotalTime;
            var writer = new ByteWriter();
            foreach (var sketch in fold.Rows.SelectMany(target => target.Rows.Values))
                for (var part = 0; part < SketchCodec.Parts; part++)
                {
                    writer.Clear();
                    SketchCodec.Write(writer, sketch, part);
                }
            (addUp, encode) = (addUp + (added - started), encode + (Environment.CpuUsage.TotalTime - added));
        }
        double seconds = (Rounds - 1) * bodies.Count * CamerasEach;
        return (addUp / seconds, encode / seconds);
    }

    static async Task SendAsync(MonitorUnderLoad load, byte[] body, CancellationToken cancellationToken)
    {
        var (header, refusal) = TelemetryBodyCheck.Read(body);
        if (header is null) throw new InvalidOperationException(refusal);
        await TelemetryIntake.KeepAsync(load.Database, header, body, 0, TimeSpan.Zero, load.Time.Now, cancellationToken);
    }

    static byte[] Encode(int replica, int second, IReadOnlyList<SeriesSecond> series) => TelemetryBatchCodec.Encode(Batch(replica, second,
        [.. series.Select(one => one with { Second = Start.ToUnixTimeSeconds() + second - 1, Camera = $"{replica}-{one.Camera}" })]) with
    {
        SentAt = Start.AddSeconds(second), Watermark = Start.AddSeconds(second),
    });

    static TelemetryBatch Batch(int replica, long sequence, IReadOnlyList<SeriesSecond> series) =>
        new($"replica-{replica}", Guid.Empty, sequence, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, series);

    /// <summary>CPU time per series-second of one of ten batches after the other.</summary>
    static TimeSpan Clock(Action<int> batch)
    {
        for (var i = 0; i < 10; i++) batch(i);
        var started = Environment.CpuUsage.TotalTime;
        var batches = 0;
        for (; Environment.CpuUsage.TotalTime - started < TimeSpan.FromSeconds(1); batches++) batch(batches % 10);
        return (Environment.CpuUsage.TotalTime - started) / ((double)batches * CamerasEach);
    }

    static async Task<TimeSpan> TimedAsync(Func<Task> work)
    {
        var started = TimeProvider.System.GetTimestamp();
        await work();
        return TimeProvider.System.GetElapsedTime(started);
    }

    static string Rate(TimeSpan each) => $"{1 / each.TotalSeconds:N0}";
    static string Micro(TimeSpan each) => $"{each.TotalMicroseconds:F1}";
    static string Percent(TimeSpan part, TimeSpan whole) => $"{part / whole:P0}";
}
