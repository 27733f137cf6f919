using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Tests.Monitor.Alerts;

/// <summary>The default rules on real minutes, driven by the clock.</summary>
public sealed class AlertEvaluatorTests(PostgresServer postgres) : AlertLine(postgres)
{
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
        var firing = await FindAsync("Detections per minute");
        Assert.Equal((AlertState.Firing, 0.0), (firing.State, firing.Value));
        await PlayAsync(minutes: 90, requests: 0); // longer than the trailing hour: zero does not become the usual
        Assert.Equal(AlertState.Firing, (await FindAsync("Detections per minute")).State);
        Assert.Equal(AlertState.Normal, (await FindAsync("No data")).State);
        await PlayAsync(minutes: 1);
        Assert.Equal(AlertState.Resolved, (await FindAsync("Detections per minute")).State);
    }

    [Fact]
    public async Task Run_WatermarksStop_IsNoDataNotADrop()
    {
        await PlayAsync(minutes: 30);
        for (var i = 0; i < 60; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(15));
            await Evaluator.RunOnceAsync(default);
        }
        Assert.Equal(AlertState.NoData, (await FindAsync("Detections per minute")).State);
        Assert.Equal(AlertState.NoData, (await FindAsync("p95")).State);
        var noData = await FindAsync("No data");
        Assert.Equal((AlertState.Firing, Start.AddMinutes(32)), (noData.State, noData.FiredAt));
        Assert.True((await FindAsync("p95")).Inhibited);
    }

    [Fact]
    public async Task Run_RuleSwitchedOffOrDeleted_ResolvesWhatIsOpen()
    {
        await PlayAsync(minutes: 20, latencyMs: 400);
        Assert.Equal(AlertState.Firing, (await FindAsync("p95")).State);
        await ExecuteAsync("update alert_rules set enabled = false where metric = 'latencyP95'");
        await PlayAsync(minutes: 3, latencyMs: 400);
        Assert.Equal((AlertState.Resolved, "The rule was switched off."), ((await FindAsync("p95")).State, (await FindAsync("p95")).Summary));
        await ExecuteAsync("update alert_rules set enabled = true where metric = 'latencyP95'");
        await PlayAsync(minutes: 5, latencyMs: 400);
        Assert.Equal(AlertState.Firing, (await FindAsync("p95")).State);
        await ExecuteAsync("update alert_rules set deleted_at = now() where metric = 'latencyP95'");
        await PlayAsync(minutes: 1, latencyMs: 400);
        Assert.Equal("The rule was deleted.", (await FindAsync("p95")).Summary);
    }

    [Fact]
    public async Task Run_RuleForOneCamera_JudgesOnlyItsTraffic()
    {
        await ExecuteAsync(
            """
            insert into alert_rules (id, name, metric, comparison, threshold, for_minutes, severity, runbook, enabled, camera)
            values (gen_random_uuid(), 'camera one', 'detectionsPerMinute', 'dropsBy', 0.5, 10, 'warning', 'detection-drop', true, 'cam-1'),
                (gen_random_uuid(), 'camera two', 'detectionsPerMinute', 'below', 1, 10, 'warning', 'detection-drop', true, 'cam-2')
            """);
        await PlayAsync(minutes: 20);
        Assert.Equal(AlertState.Normal, (await FindAsync("camera one")).State);
        var other = await FindAsync("camera two");
        Assert.Equal((AlertState.Firing, "cam-2"), (other.State, other.Labels["camera"]));
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
