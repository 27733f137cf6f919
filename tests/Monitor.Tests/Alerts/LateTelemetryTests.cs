using RetrainLoop.Monitor.Alerts;
using RetrainLoop.Monitor.Alerts.Notifications;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Tests.Monitor.Alerts;

/// <summary>A replica comes back with what it kept, after its minutes were judged without it.</summary>
public sealed class LateTelemetryTests(PostgresServer postgres) : AlertLine(postgres)
{
    static readonly Guid OtherBoot = Guid.NewGuid();
    long sequence;

    [Fact]
    public async Task Run_ErrorsThatArriveLate_AreOneAlertWithItsTrueTimes()
    {
        await AddChannelAsync(new NotificationChannelRequest("hook", ChannelKind.Webhook, "https://example.com/hook"));
        await PlayAsync(minutes: 20);
        var now = Time.GetUtcNow();
        for (var minute = 5; minute < 15; minute++)
        {
            await ComeBackAsync(Start.AddMinutes(minute), Start.AddMinutes(minute + 1), bad: minute is >= 7 and < 13 ? 2 : 0);
            if (minute == 10) await JudgeAsync();
        }
        await JudgeAsync();
        Assert.Empty(await ErrorsAsync()); // more is on its way
        await ComeBackAsync(now, now);
        await JudgeAsync();
        (AlertState, DateTimeOffset, DateTimeOffset?)[] expected = [(AlertState.Firing, Start.AddMinutes(12), now), (AlertState.Resolved, Start.AddMinutes(14), now)];
        Assert.Equal(expected, await ErrorsAsync());
        var alert = await FindAsync("Error rate");
        Assert.Equal((AlertState.Resolved, Start.AddMinutes(12), Start.AddMinutes(14), now), (alert.State, alert.FiredAt, alert.ResolvedAt, alert.FoundLateAt));
        Assert.Contains("Found late", NotificationText.When(alert), StringComparison.Ordinal);
        Assert.Equal(AlertState.Normal, (await FindAsync("Detections per minute")).State);

        var planner = new NotificationPlanner(Database, NotificationOptions);
        var told = await planner.PlanAsync(now, default) + await planner.PlanAsync(now.AddMinutes(1), default);
        sequence = 0;
        for (var minute = 5; minute < 15; minute++) await ComeBackAsync(Start.AddMinutes(minute), Start.AddMinutes(minute + 1), bad: 2); // acknowledgements were lost
        await PlayAsync(minutes: 5);
        Restart();
        await PlayAsync(minutes: 5);
        Assert.Equal(expected, await ErrorsAsync());
        Assert.Equal(1, told + await planner.PlanAsync(Time.GetUtcNow(), default));
    }

    [Fact]
    public async Task Run_GapThatIsFilledLate_IsNotedOnceWithTheSilence()
    {
        await PlayAsync(minutes: 20);
        var gone = Time.GetUtcNow();
        await StaySilentAsync();
        for (var minute = 0; minute < 10; minute++) await SendAsync(gone.AddMinutes(minute), gone.AddMinutes(minute + 1));
        var came = Time.GetUtcNow();
        await JudgeAsync();
        await PlayAsync(minutes: 3);

        await using var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var silence = await AlertReader.HistoryAsync(connection, (await FindAsync("No data")).Id, null, null, null, 100, default);
        var note = Assert.Single(silence, change => change.IsNote);
        Assert.Equal((came, "Telemetry of 2026-11-23 06:20 to 06:30 UTC arrived late, by 06:30:00 UTC."), (note.At, note.Reason));
        Assert.Equal([(AlertState.Firing, gone.AddMinutes(2)), (AlertState.Resolved, came)],
            silence.Where(change => change is { IsNote: false, To: AlertState.Firing or AlertState.Resolved }).OrderBy(change => change.At).Select(change => (change.To, change.At)));
        Assert.DoesNotContain(await TransitionsAsync(), change => change is { To: AlertState.Firing, Rule: not "No data" });
    }

    [Fact]
    public async Task Run_OutageDuringASilence_IsEnteredBesideIt()
    {
        await PlayAsync(minutes: 20);
        var gone = Time.GetUtcNow();
        await StaySilentAsync();
        Assert.Equal(AlertState.NoData, (await FindAsync("Error rate")).State);
        for (var minute = 0; minute < 10; minute++)
            await SendAsync(gone.AddMinutes(minute), gone.AddMinutes(minute + 1), badEach: minute is >= 1 and < 7 ? 3 : 0);
        await JudgeAsync();
        var came = Time.GetUtcNow();
        await PlayAsync(minutes: 3);
        Assert.Equal([(AlertState.Firing, gone.AddMinutes(6), came), (AlertState.Resolved, gone.AddMinutes(8), came)], await ErrorsAsync());
        Assert.Equal((AlertState.Resolved, gone.AddMinutes(6)), ((await FindAsync("Error rate")).State, (await FindAsync("Error rate")).FiredAt));
    }

    [Fact]
    public async Task Run_GoodDataForAFiringAlert_NeitherDoublesNorResolvesIt()
    {
        await PlayAsync(minutes: 20);
        await PlayAsync(minutes: 8, latencyMs: 400);
        await ComeBackAsync(Start.AddMinutes(20), Time.GetUtcNow(), requests: 300); // with these p95 was fine all the while
        await JudgeAsync();
        Assert.Equal(AlertState.Firing, (await FindAsync("p95")).State);
        await PlayAsync(minutes: 2, latencyMs: 400);
        await PlayAsync(minutes: 2);
        Assert.Equal([(AlertState.Firing, Start.AddMinutes(25)), (AlertState.Resolved, Start.AddMinutes(31))],
            (await TransitionsAsync()).Where(change => change.Rule.StartsWith("p95", StringComparison.Ordinal) && change.To is AlertState.Firing or AlertState.Resolved)
                .Select(change => (change.To, change.At)));
    }

    [Fact]
    public async Task Run_OutageOlderThanTheStretch_StaysInTheSeriesOnly()
    {
        AlertOptions.LateData = TimeSpan.FromMinutes(10);
        await PlayAsync(minutes: 30);
        await ComeBackAsync(Start.AddMinutes(5), Start.AddMinutes(15), bad: 2);
        await ComeBackAsync(Time.GetUtcNow(), Time.GetUtcNow());
        await JudgeAsync();
        Assert.Empty(await ErrorsAsync());
        await using var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        Assert.Empty(await LateTelemetry.ListAsync(connection, transaction, default)); // looked at, and done with
    }

    /// <summary>A batch of the other replica; bad images come beside the good ones in each ten seconds.</summary>
    Task ComeBackAsync(DateTimeOffset from, DateTimeOffset to, int bad = 0, int requests = 2)
    {
        var seconds = new List<SeriesSecond>();
        for (var at = from; at < to; at += TimeSpan.FromSeconds(10))
            seconds.Add(Batches.Second(at, requests) with { Outcomes = new Dictionary<RequestOutcome, long> { [RequestOutcome.Ok] = requests, [RequestOutcome.BadInput] = bad } });
        return TelemetryIntake.KeepAsync(Database, Batches.Batch(++sequence, to, seconds) with { Replica = "inference-2", BootId = OtherBoot }, Time.GetUtcNow(), default);
    }

    /// <summary>Ten minutes in which nobody is heard.</summary>
    async Task StaySilentAsync()
    {
        for (var i = 0; i < 40; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(15));
            await FoldAsync();
            await Evaluator.RunOnceAsync(default);
        }
    }

    /// <summary>By three processes at once, and by a fourth afterwards.</summary>
    async Task JudgeAsync()
    {
        await FoldAsync();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => NewEvaluator(Time).RunOnceAsync(default))));
        await NewEvaluator(Time).RunOnceAsync(default);
    }

    async Task<IEnumerable<(AlertState, DateTimeOffset, DateTimeOffset?)>> ErrorsAsync()
    {
        await using var connection = await Database.OpenConnectionAsync();
        return (await AlertReader.HistoryAsync(connection, (await FindAsync("Error rate")).Id, null, null, null, 100, default)).OrderBy(change => change.At)
            .Where(change => change.To is AlertState.Firing or AlertState.Resolved).Select(change => (change.To, change.At, change.FoundLateAt));
    }
}
