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
        time.Advance(TimeSpan.FromSeconds(40));
        var batches = Enumerable.Range(1, 40)
            .Select(i => Batches.Batch(i, Start.AddSeconds(i), Batches.Second(Start.AddSeconds(i - 1), requests: i))).ToList();
        var shuffled = batches.Concat(batches).ToArray();
        new Random(1).Shuffle(shuffled);
        var folders = Enumerable.Range(0, 3).Select(_ => Folder()).ToList();

        var acks = await Task.WhenAll(shuffled.Select(async batch =>
        {
            var ack = await KeepAsync(batch);
            await folders[(int)(batch.Sequence % 3)].RunOnceAsync(default); // replicas race for the fold lock
            return ack;
        }));
        await Folder().RunOnceAsync(default);

        Assert.Equal(40, acks.Count(ack => ack.Duplicate));
        foreach (var (resolution, level) in new[] { (Resolutions.TenSeconds, SeriesLevel.Camera), (Resolutions.Minute, SeriesLevel.Camera), (Resolutions.Second, SeriesLevel.Region), (Resolutions.Minute, SeriesLevel.Region) })
            Assert.Equal(40 * 41 / 2, await RequestsAsync(resolution, level));
        Assert.Equal(Start.AddSeconds(40), (await TelemetryCoverage.ReadAsync(Database, default)).Newest);
    }

    [Fact]
    public async Task Fold_DiesBeforeItsCommit_CountsOnceAfterTheRestart()
    {
        time.Advance(TimeSpan.FromSeconds(10));
        await KeepAsync(Batches.Batch(1, Start.AddSeconds(10), Batches.Second(Start, requests: 5)));
        await using (var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(1, (await Folder().FoldAsync(connection, transaction, default)).Batches);
            // No commit: as after kill -9, the server rolls back.
        }
        Assert.Equal(0, await RequestsAsync(Resolutions.Minute));
        Assert.Equal(Start, (await TelemetryCoverage.ReadAsync(Database, default)).ClosedUntil(time.GetUtcNow(), TimeSpan.FromSeconds(30)));

        await Folder().RunOnceAsync(default);
        await Folder().RunOnceAsync(default);
        Assert.Equal(5, await RequestsAsync(Resolutions.Minute));
    }

    [Fact]
    public async Task Fold_FolderThatLostItsTransaction_GoesOn()
    {
        var folder = Folder();
        time.Advance(TimeSpan.FromSeconds(10));
        await KeepAsync(Batches.Batch(1, Start.AddSeconds(10), Batches.Second(Start, requests: 5)));
        await using (var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
            await folder.FoldAsync(connection, transaction, default); // the series and partitions it made are rolled back
        await folder.RunOnceAsync(default);
        Assert.Equal(5, await RequestsAsync(Resolutions.TenSeconds));
    }

    [Fact]
    public async Task Fold_BatchAcrossTheFrontier_CountsEachPartWhenItIsClosed()
    {
        time.Advance(TimeSpan.FromSeconds(15));
        await KeepAsync(Batches.Batch(1, Start.AddSeconds(15), [.. Enumerable.Range(0, 15).Select(i => Batches.Second(Start.AddSeconds(i)))]));
        await Folder().RunOnceAsync(default);
        Assert.Equal(10, await RequestsAsync(Resolutions.TenSeconds));
        time.Advance(TimeSpan.FromSeconds(5));
        await KeepAsync(Batches.Batch(2, Start.AddSeconds(20)));
        await Folder().RunOnceAsync(default);
        Assert.Equal(15, await RequestsAsync(Resolutions.TenSeconds));
    }

    [Fact]
    public async Task Fold_LateSecond_IsAddedToItsOldBucket()
    {
        time.Advance(TimeSpan.FromSeconds(70));
        await KeepAsync(Batches.Batch(2, Start.AddSeconds(70), Batches.Second(Start.AddSeconds(65), requests: 1)));
        await Folder().RunOnceAsync(default);
        await KeepAsync(Batches.Batch(1, Start.AddSeconds(10), Batches.Second(Start.AddSeconds(5), requests: 3)));
        await Folder().RunOnceAsync(default);
        var minutes = await SeriesStore.ReadAsync(Database, "line", Resolutions.Minute, Start, Start.AddHours(1), default);
        Assert.Equal([(Start, 3L), (Start.AddMinutes(1), 1L)], minutes.Select(bucket => (bucket.Start, bucket.Sketch.Requests)));
        var coverage = await TelemetryCoverage.ReadAsync(Database, default);
        Assert.Equal((Start.AddSeconds(5), Start.AddSeconds(70)), (coverage.Oldest, coverage.Newest));
    }

    [Fact]
    public async Task Fold_DamagedBody_IsLeftOutAndHoldsNothingUp()
    {
        time.Advance(TimeSpan.FromSeconds(10));
        await KeepAsync(Batches.Batch(1, Start.AddSeconds(5), Batches.Second(Start, requests: 5)));
        await using (var damage = Database.CreateCommand("update telemetry_batches set body = substring(body from 1 for 40)"))
            await damage.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await KeepAsync(Batches.Batch(2, Start.AddSeconds(10), Batches.Second(Start.AddSeconds(5), requests: 2)));
        await Folder().RunOnceAsync(default);
        Assert.Equal(2, await RequestsAsync(Resolutions.TenSeconds));
        Assert.Null((await TelemetryCoverage.ReadAsync(Database, default)).OldestWaiting);
    }

    TelemetryFolder Folder() => new(Database, Options.Create(new TelemetryOptions()), time, NullLogger<TelemetryFolder>.Instance);

    Task<TelemetryAck> KeepAsync(TelemetryBatch batch) => TelemetryIntake.KeepAsync(Database, batch, time.GetUtcNow(), default);

    async Task<long> RequestsAsync(int resolution, SeriesLevel level = SeriesLevel.Camera) =>
        (await SeriesStore.ReadAsync(Database, new SeriesQuery("line", resolution, Start.AddDays(-1), Start.AddDays(1)) { Level = level }, default)).Sum(bucket => bucket.Sketch.Requests);
}
