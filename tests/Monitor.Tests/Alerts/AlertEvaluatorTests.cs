using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RetrainLoop.Monitor.Alerts;
using RetrainLoop.Monitor.Alerts.Evaluation;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Tests.Monitor.Alerts;

/// <summary>The two default rules on real minutes, driven by the clock.</summary>
public sealed class AlertEvaluatorTests(PostgresServer postgres) : MonitorDatabase(postgres)
{
    static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    readonly FakeTimeProvider time = new(Start);
    long sequence;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var connection = await Database.OpenConnectionAsync();
        await connection.ExecuteAsync("insert into deployments values ('line', 1, @json::jsonb)", new { json = Documents.Write(Batches.Deployment()) });
    }

    [Fact]
    public async Task Run_FiveSlowMinutes_FiresP95AndResolvesWithTheFirstFastOne()
    {
        await PlayAsync(minutes: 20, latencyMs: 50);
        await PlayAsync(minutes: 4, latencyMs: 400);
        Assert.Equal(AlertState.Pending, (await FindAsync("p95")).State);
        await PlayAsync(minutes: 1, latencyMs: 400);
        var firing = await FindAsync("p95");
        Assert.Equal((AlertState.Firing, Start.AddMinutes(25)), (firing.State, firing.FiredAt));
        Assert.InRange(firing.Value!.Value, 396, 404);
        await PlayAsync(minutes: 1, latencyMs: 50);
        Assert.Equal(AlertState.Resolved, (await FindAsync("p95")).State);
        Assert.Equal(AlertState.Normal, (await FindAsync("Detections per minute")).State);
        await PublishedAreAsync("p95", "pending", "firing", "resolved");
    }

    [Fact]
    public async Task Run_PausedTraffic_CountsAsZeroAndFiresTheDrop()
    {
        await PlayAsync(minutes: 30);
        await PlayAsync(minutes: 9, requests: 0);
        Assert.Equal(AlertState.Pending, (await FindAsync("Detections per minute")).State);
        await PlayAsync(minutes: 1, requests: 0);
        Assert.Equal((AlertState.Firing, 0.0), ((await FindAsync("Detections per minute")).State, (await FindAsync("Detections per minute")).Value));
        await PlayAsync(minutes: 90, requests: 0); // longer than the trailing hour: zero does not become the usual
        Assert.Equal(AlertState.Firing, (await FindAsync("Detections per minute")).State);
        await PlayAsync(minutes: 1);
        Assert.Equal(AlertState.Resolved, (await FindAsync("Detections per minute")).State);
    }

    [Fact]
    public async Task Run_WatermarksStop_IsNoDataNotADrop()
    {
        await PlayAsync(minutes: 30);
        var evaluator = Evaluator();
        for (var i = 0; i < 60; i++)
        {
            time.Advance(TimeSpan.FromSeconds(15));
            await evaluator.RunOnceAsync(default);
        }
        Assert.Equal(AlertState.NoData, (await FindAsync("Detections per minute")).State);
        Assert.Equal((AlertState.Firing, Start.AddMinutes(32)), ((await FindAsync("No data")).State, (await FindAsync("No data")).FiredAt));
        Assert.Equal(AlertState.NoData, (await FindAsync("p95")).State);
    }

    [Fact]
    public async Task Run_NobodyEvaluatedForAnHour_CatchesUpWithoutMissingOrDoubling()
    {
        await PlayAsync(minutes: 20, latencyMs: 50);
        await PlayAsync(minutes: 10, latencyMs: 400, evaluate: false);
        await PlayAsync(minutes: 30, latencyMs: 50, evaluate: false);
        await Task.WhenAll(Evaluator().RunOnceAsync(default), Evaluator().RunOnceAsync(default));
        await Evaluator().RunOnceAsync(default);
        await PublishedAreAsync("p95", "pending", "firing", "resolved");
        Assert.Equal(Start.AddMinutes(25), (await FindAsync("p95")).FiredAt);
    }

    /// <summary>Whole minutes of traffic at one request a second, acknowledged, folded and, unless told otherwise, judged each minute.</summary>
    async Task PlayAsync(int minutes, int requests = 1, double latencyMs = 20, bool evaluate = true)
    {
        for (var minute = 0; minute < minutes; minute++)
        {
            var from = time.GetUtcNow();
            time.Advance(TimeSpan.FromMinutes(1));
            var seconds = requests == 0 ? [] : Enumerable.Range(0, 6).Select(i => Batches.Second(from.AddSeconds(10 * i), 10 * requests, latencyMs)).ToList();
            await TelemetryIntake.KeepAsync(Database, Batches.Batch(++sequence, time.GetUtcNow(), seconds), time.GetUtcNow(), default);
            if (evaluate || minute == minutes - 1) await new TelemetryFolder(Database, Options.Create(new TelemetryOptions()), time, NullLogger<TelemetryFolder>.Instance).RunOnceAsync(default);
            if (evaluate) await Evaluator().RunOnceAsync(default);
        }
    }

    AlertEvaluator Evaluator() => new(Database, Options.Create(new AlertOptions()), Options.Create(new TelemetryOptions()), Nudge, time, NullLogger<AlertEvaluator>.Instance);

    async Task<AlertInfo> FindAsync(string rule)
    {
        await using var connection = await Database.OpenConnectionAsync();
        var rules = await AlertRuleStore.ListAsync(connection, default);
        return (await AlertStore.ListAsync(connection, default)).Select(alert => alert.ToInfo(rules.Single(known => known.Id == alert.Rule)))
            .Single(alert => alert.RuleName.StartsWith(rule, StringComparison.Ordinal));
    }

    /// <summary>The feed shows a change once no older transaction of the server is open, so it is read until it does.</summary>
    async Task PublishedAreAsync(string rule, params string[] expected)
    {
        List<string> seen = [];
        await Eventually.TrueAsync(async () =>
        {
            var page = await ChangeFeed.ReadAsync(Database, ChangeFeed.Start, 1000, [ChangeKinds.AlertChanged], default);
            seen = [.. page.Changes.Select(change => change.Read<AlertInfo>()).Where(alert => alert.RuleName.StartsWith(rule, StringComparison.Ordinal))
                .Select(alert => alert.State.ToString().ToLowerInvariant())];
            return seen.Count >= expected.Length;
        }, $"{expected.Length} changes are published");
        Assert.Equal(expected, seen);
    }
}
