using System.Text.Json;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Benchmarks.Monitor;

/// <summary>
/// Sends batches as fast as they are taken: JSON is read, checked and made durable, while closed seconds are folded and rolled up beside it, all on
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
        var read = Clock(() => { foreach (var body in json) TelemetryBatchCheck.Refusal(JsonSerializer.Deserialize<TelemetryBatch>(body, ContractJson.Options)!); });
        var parsed = json.Select(body => JsonSerializer.Deserialize<TelemetryBatch>(body, ContractJson.Options)!).ToList();
        var encode = Clock(() => { foreach (var batch in parsed) TelemetryBatchCodec.Encode(batch); });

        TimeSpan cpu = default, keep = default, fold = default, rollUp = default;
        var started = TimeProvider.System.GetTimestamp();
        for (var second = 1; second <= WarmUp + Measured; second++)
        {
            if (second == WarmUp + 1) (keep, fold, rollUp, cpu, started) = (default, default, default, Environment.CpuUsage.TotalTime, TimeProvider.System.GetTimestamp());
            load.Time.Now = Start.AddSeconds(second);
            var sending = TimedAsync(() => Task.WhenAll(Enumerable.Range(0, Replicas).Select(replica => Task.Run(() => SendAsync(load, replica, second, json[second % 10], cancellationToken)))));
            if (second % 10 == 1)
            {
                fold += await TimedAsync(() => load.Folder.RunOnceAsync(cancellationToken));
                rollUp += await TimedAsync(() => load.RollUp.RunOnceAsync(cancellationToken));
            }
            keep += await sending;
        }
        var whole = TimeProvider.System.GetElapsedTime(started);
        double each = Replicas * CamerasEach * Measured;
        Console.WriteLine($"json bytes {json[0].Length / CamerasEach}, body bytes {TelemetryBatchCodec.Encode(parsed[0]).Length / CamerasEach}");
        table.Add("read JSON and check", Rate(read.perCall), Micro(read.perCall), "");
        table.Add("encode", Rate(encode.perCall), Micro(encode.perCall), "");
        table.Add("take (read, check, encode, make durable)", Rate(keep / each), Micro(keep / each), Percent(keep, whole));
        table.Add("fold", Rate(fold / each), Micro(fold / each), Percent(fold, whole));
        table.Add("roll up", Rate(rollUp / each), Micro(rollUp / each), Percent(rollUp, whole));
        table.Add("CPU of Monitor", Rate((Environment.CpuUsage.TotalTime - cpu) / each), Micro((Environment.CpuUsage.TotalTime - cpu) / each), "");
        return table.Add("all, sustained", Rate(whole / each), Micro(whole / each), "100 %");
    }

    static async Task SendAsync(MonitorUnderLoad load, int replica, int second, byte[] body, CancellationToken cancellationToken)
    {
        var batch = JsonSerializer.Deserialize<TelemetryBatch>(body, ContractJson.Options)!;
        var now = Start.AddSeconds(second);
        batch = batch with
        {
            Replica = $"replica-{replica}", Sequence = second, SentAt = now, Watermark = now,
            Series = [.. batch.Series.Select(one => one with { Second = now.ToUnixTimeSeconds() - 1, Camera = $"{replica}-{one.Camera}" })],
        };
        if (TelemetryBatchCheck.Refusal(batch) is { } reason) throw new InvalidOperationException(reason);
        await TelemetryIntake.KeepAsync(load.Database, batch, now, cancellationToken);
    }

    static TelemetryBatch Batch(int replica, long sequence, IReadOnlyList<SeriesSecond> series) =>
        new($"replica-{replica}", Guid.Empty, sequence, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, series);

    static (TimeSpan perCall, int times) Clock(Action tenSeconds)
    {
        tenSeconds();
        var started = Environment.CpuUsage.TotalTime;
        var times = 0;
        for (; Environment.CpuUsage.TotalTime - started < TimeSpan.FromSeconds(1); times++) tenSeconds();
        return ((Environment.CpuUsage.TotalTime - started) / (times * 10.0 * CamerasEach), times);
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
