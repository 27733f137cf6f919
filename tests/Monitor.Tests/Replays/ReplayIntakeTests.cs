using RetrainLoop.Monitor.Replays;

namespace RetrainLoop.Tests.Monitor.Replays;

public sealed class ReplayIntakeTests(PostgresServer postgres) : MonitorDatabase(postgres)
{
    static readonly DateTimeOffset From = new(2024, 9, 2, 6, 0, 0, TimeSpan.Zero);
    readonly Guid id = Guid.NewGuid();

    Task<IntakeResult> SendAsync(long sequence, DateTimeOffset watermark, params SeriesSecond[] seconds) => ReplayIntake.CountAsync(
        Database, id, new TelemetryBatch("replay", id, sequence, watermark, watermark, seconds), From, TestContext.Current.CancellationToken);

    Task BeginAsync() => ReplayStore.BeginAsync(Database, id, new ReplayStart(Batches.Deployment(), Batches.Model, "old", From, From.AddDays(30)), From, default);

    async Task<long> CountAsync() => (await ReplaySeries.ReadAsync(Database, (await ReplayStore.FindAsync(Database, id, default))!, From, From.AddDays(30), default))
        .Sum(minute => minute.Sketch.Requests);

    [Fact]
    public async Task Count_BatchesThatComeAgain_CountOnce()
    {
        await BeginAsync();
        await BeginAsync(); // said again after a restart
        for (var send = 0; send < 3; send++) Assert.Equal(send > 0, (await SendAsync(1, From.AddSeconds(30), Batches.Second(From, requests: 4))).Ack!.Duplicate);
        await SendAsync(2, From.AddMinutes(2), Batches.Second(From.AddSeconds(40), requests: 3), Batches.Second(From.AddSeconds(90), camera: "cam-2"));
        await SendAsync(1, From.AddSeconds(30), Batches.Second(From, requests: 4));
        Assert.Equal(8, await CountAsync());
        var minutes = await ReplaySeries.ReadAsync(Database, (await ReplayStore.FindAsync(Database, id, default))!, From, From.AddDays(1), default);
        Assert.Equal([("cam-1", 7L, 14L), ("cam-2", 1L, 2L)], minutes.Select(minute => (minute.Camera, minute.Sketch.Requests, minute.Sketch.Detections)));
    }

    [Fact]
    public async Task Count_SameBatchFromTwoWorkersAtOnce_CountsOnce()
    {
        await BeginAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(1, From.AddMinutes(1), Batches.Second(From, requests: 5))));
        Assert.Equal(1, answers.Count(answer => answer.Ack is { Duplicate: false }));
        Assert.Equal(5, await CountAsync());
    }

    [Fact]
    public async Task Count_GapStrangerOrUnknownReplay_IsRefusedWithASentence()
    {
        Assert.True((await SendAsync(1, From.AddMinutes(1), Batches.Second(From))).NoReplay);
        await BeginAsync();
        Assert.Contains("1 is the next", (await SendAsync(2, From.AddMinutes(1), Batches.Second(From))).Conflict);
        Assert.Contains("alone", (await SendAsync(1, From.AddMinutes(1), Batches.Second(From, model: new ModelRef("other", 1)))).Refusal);
        Assert.Contains("watermark", (await SendAsync(1, From.AddMinutes(1), Batches.Second(From.AddDays(40)))).Refusal);
        Assert.Equal(0, await CountAsync());
    }
}
