using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Tests.Monitor.Telemetry;

public sealed class ExactlyOnceTests(PostgresServer postgres) : MonitorDatabase(postgres)
{
    static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    readonly FakeTimeProvider time = new(Start);

    [Fact]
    public async Task Fold_BatchesTwiceOutOfOrderAndAtOnce_CountsEachOnce()
    {
        var batches = Enumerable.Range(1, 40)
            .Select(i => Batches.Batch(i, Start.AddSeconds(i), Batches.Second(Start.AddSeconds(i - 1), requests: i))).ToList();
        var shuffled = batches.Concat(batches).ToArray();
        new Random(1).Shuffle(shuffled);
        var folders = Enumerable.Range(0, 3).Select(_ => Folder()).ToList();

        var acks = await Task.WhenAll(shuffled.Select(async batch =>
        {
            var ack = await TelemetryIntake.KeepAsync(Database, batch, Start, default);
            await folders[(int)(batch.Sequence % 3)].RunOnceAsync(default); // replicas race for the fold lock
            return ack;
        }));
        await Folder().RunOnceAsync(default);

        Assert.Equal(40, acks.Count(ack => ack.Duplicate));
        Assert.Equal(40 * 41 / 2, await RequestsAsync(Resolutions.TenSeconds));
        Assert.Equal(40 * 41 / 2, await RequestsAsync(Resolutions.Minute));
        Assert.Equal(Start.AddSeconds(40), (await TelemetryCoverage.ReadAsync(Database, default)).Newest);
    }

    [Fact]
    public async Task Fold_DiesBeforeItsCommit_CountsOnceAfterTheRestart()
    {
        var batch = Batches.Batch(1, Start.AddSeconds(1), Batches.Second(Start, requests: 5));
        await TelemetryIntake.KeepAsync(Database, batch, Start, default);
        await using (var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await TelemetryFolder.FoldAsync(connection, transaction, [batch], default);
            // No commit: as after kill -9, the server rolls back.
        }
        Assert.Equal(0, await RequestsAsync(Resolutions.Minute));

        await Folder().RunOnceAsync(default);
        await Folder().RunOnceAsync(default);
        Assert.Equal(5, await RequestsAsync(Resolutions.Minute));
    }

    [Fact]
    public async Task Fold_LateSecond_IsAddedToItsOldBucket()
    {
        await TelemetryIntake.KeepAsync(Database, Batches.Batch(2, Start.AddSeconds(70), Batches.Second(Start.AddSeconds(65), requests: 1)), Start, default);
        await Folder().RunOnceAsync(default);
        await TelemetryIntake.KeepAsync(Database, Batches.Batch(1, Start.AddSeconds(10), Batches.Second(Start.AddSeconds(5), requests: 3)), Start, default);
        await Folder().RunOnceAsync(default);
        var minutes = await SeriesStore.ReadAsync(Database, "line", Resolutions.Minute, Start, Start.AddHours(1), default);
        Assert.Equal([(Start, 3L), (Start.AddMinutes(1), 1L)], minutes.Select(bucket => (bucket.Start, bucket.Sketch.Requests)));
        var coverage = await TelemetryCoverage.ReadAsync(Database, default);
        Assert.Equal((Start.AddSeconds(5), Start.AddSeconds(70)), (coverage.Oldest, coverage.Newest));
    }

    TelemetryFolder Folder() => new(Database, Options.Create(new TelemetryOptions()), time, NullLogger<TelemetryFolder>.Instance);

    async Task<long> RequestsAsync(int resolution) =>
        (await SeriesStore.ReadAsync(Database, "line", resolution, Start.AddDays(-1), Start.AddDays(1), default)).Sum(bucket => bucket.Sketch.Requests);
}
