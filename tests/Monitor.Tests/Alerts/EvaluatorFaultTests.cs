using Npgsql;

namespace RetrainLoop.Tests.Monitor.Alerts;

/// <summary>Restarts, several evaluators at once and a database that goes away: nothing is missed, nothing comes twice.</summary>
public sealed class EvaluatorFaultTests(PostgresServer postgres) : AlertLine(postgres)
{
    /// <summary>An hour and a half with slow, faulty and empty stretches.</summary>
    async Task PlayStoryAsync(Random random)
    {
        await PlayAsync(minutes: 15, evaluate: false);
        for (var chapter = 0; chapter < 8; chapter++)
        {
            var minutes = random.Next(3, 14);
            await (random.Next(4) switch
            {
                0 => PlayAsync(minutes, latencyMs: 400, evaluate: false),
                1 => PlayAsync(minutes, badEach: 3, evaluate: false),
                2 => PlayAsync(minutes, requests: 0, evaluate: false),
                _ => PlayAsync(minutes, evaluate: false),
            });
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Run_AnyRestartPointsAndSeveralEvaluators_TellsTheSameStory(int seed)
    {
        var random = new Random(seed);
        await PlayStoryAsync(random);
        var end = Time.GetUtcNow();

        async Task<List<(string, AlertState, DateTimeOffset)>> JudgeAsync(Func<int> minutesUntilNext, int evaluators)
        {
            await ExecuteAsync("truncate alerts, alert_transitions, alert_references cascade");
            for (var now = Start.AddMinutes(1); ; now = now.AddMinutes(minutesUntilNext()) is var next && next < end ? next : end)
            {
                var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(now);
                await Task.WhenAll(Enumerable.Range(0, evaluators).Select(_ => Task.Run(() => NewEvaluator(clock).RunOnceAsync(default)))); // each a process of its own
                await NewEvaluator(clock).RunOnceAsync(default);
                if (now >= end) return await TransitionsAsync();
            }
        }

        var minuteByMinute = await JudgeAsync(() => 1, evaluators: 1);
        Assert.Contains(minuteByMinute, transition => transition.Item2 == AlertState.Firing);
        Assert.Equal(minuteByMinute, await JudgeAsync(() => random.Next(1, 25), evaluators: 3));
        Assert.Equal(minuteByMinute, await JudgeAsync(() => 10_000, evaluators: 1)); // all that is left in one go
    }

    [Fact]
    public async Task Run_DatabaseAwayForTwoMinutes_GoesOnWithoutAFalseSilence()
    {
        await PlayAsync(minutes: 20);
        var (gone, name) = (Time.GetUtcNow(), "");
        await using (var admin = await AdminAsync())
        {
            name = new NpgsqlConnectionStringBuilder(Database.ConnectionString).Database!;
            await RunAsync(admin, $"alter database {name} allow_connections false");
            await RunAsync(admin, $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
            for (var i = 0; i < 8; i++)
            {
                Time.Advance(TimeSpan.FromSeconds(15));
                await Assert.ThrowsAnyAsync<NpgsqlException>(() => Evaluator.RunOnceAsync(default));
            }
            await RunAsync(admin, $"alter database {name} allow_connections true");
        }
        await Evaluator.RunOnceAsync(default); // the senders have not found out yet that it is back
        await SendAsync(gone, Time.GetUtcNow(), latencyMs: 400);
        await FoldAsync();
        await PlayAsync(minutes: 3, latencyMs: 400);

        Assert.Equal((AlertState.Firing, Start.AddMinutes(25)), ((await FindAsync("p95")).State, (await FindAsync("p95")).FiredAt));
        Assert.DoesNotContain(await TransitionsAsync(), transition => transition.To == AlertState.NoData);
    }

    /// <summary>Found before it was written: a Monitor that starts judges the minutes of its own downtime before anybody can send them.</summary>
    [Fact]
    public async Task Run_MonitorRestartsBeforeSendersDo_WaitsForThem()
    {
        await PlayAsync(minutes: 20);
        var down = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromMinutes(10));
        Restart();
        await Evaluator.RunOnceAsync(default);
        await SendAsync(down, Time.GetUtcNow());
        await FoldAsync();
        await Evaluator.RunOnceAsync(default);
        Assert.DoesNotContain(await TransitionsAsync(), transition => transition.To is AlertState.NoData or AlertState.Pending);
    }

    static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    async Task<NpgsqlConnection> AdminAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Database = "postgres" }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
