using Dapper;
using Npgsql;
using RetrainLoop.Monitor.Alerts;
using RetrainLoop.Monitor.Alerts.Notifications;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.Monitor.Hosting;

namespace RetrainLoop.Tests.Monitor.Alerts;

/// <summary>Delivery at least once: failing receivers, a kill between sending and noting, and several notifiers at once.</summary>
public sealed class NotifierTests(PostgresServer postgres) : AlertLine(postgres)
{
    async Task<WebhookReceiver> FireAsync()
    {
        var receiver = await WebhookReceiver.StartAsync();
        await AddChannelAsync(new NotificationChannelRequest("hook", ChannelKind.Webhook, receiver.Url));
        await PlayAsync(minutes: 10, latencyMs: 400);
        return receiver;
    }

    [Fact]
    public async Task Run_ReceiverFails_TriesAgainWithGrowingPausesAndTheSameKey()
    {
        await using var receiver = await FireAsync();
        receiver.Answer = () => Task.FromResult(503);
        using var notifier = NewNotifier();
        await notifier.RunOnceAsync(default);
        Time.Advance(TimeSpan.FromSeconds(30));
        var attempts = new List<int>();
        for (var second = 0; second < 160; second += 5)
        {
            var before = receiver.Received.Count;
            await notifier.RunOnceAsync(default);
            if (receiver.Received.Count > before) attempts.Add(second);
            Time.Advance(TimeSpan.FromSeconds(5));
        }
        Assert.Equal([0, 10, 30, 70, 150], attempts); // pauses of 10, 20, 40 and 80 seconds
        var waiting = Assert.Single(await DeliveriesAsync());
        Assert.Equal((DeliveryState.Waiting, 5, "503 Service Unavailable"), (waiting.State, waiting.Attempts, waiting.Answer));

        receiver.Answer = () => Task.FromResult(204);
        Time.Advance(TimeSpan.FromMinutes(3));
        await notifier.RunOnceAsync(default);
        Assert.Equal((DeliveryState.Delivered, 6), ((await DeliveriesAsync())[0].State, (await DeliveriesAsync())[0].Attempts));
        Assert.Single(receiver.Received.Select(received => received.Headers["Idempotency-Key"]).Distinct());
        Assert.Single(receiver.Received.Select(received => Convert.ToHexString(received.Bytes)).Distinct());
    }

    [Fact]
    public async Task Run_ReceiverNeverAnswers_GivesUpAfterADay()
    {
        await using var receiver = await FireAsync();
        receiver.Answer = () => Task.FromResult(500);
        using var notifier = NewNotifier();
        await notifier.RunOnceAsync(default);
        for (var i = 0; i < 200 && (await DeliveriesAsync()) is not [{ State: DeliveryState.Failed }]; i++)
        {
            Time.Advance(TimeSpan.FromMinutes(10));
            await notifier.RunOnceAsync(default);
        }
        var given = Assert.Single(await DeliveriesAsync());
        Assert.InRange((Time.GetUtcNow() - given.CreatedAt).TotalHours, 23.5, 24.5);
    }

    [Fact]
    public async Task Run_KilledBetweenSendingAndNoting_SendsAgainWithTheSameKey()
    {
        await using var receiver = await FireAsync();
        var killed = false;
        receiver.Answer = async () =>
        {
            if (!killed) await KillSessionsAsync();
            killed = true;
            return 200;
        };
        using (var notifier = NewNotifier())
        {
            await notifier.RunOnceAsync(default);
            Time.Advance(TimeSpan.FromSeconds(31));
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => notifier.RunOnceAsync(default));
        }
        using var next = NewNotifier();
        await next.RunOnceAsync(default);
        await next.RunOnceAsync(default);
        Assert.Equal(2, receiver.Received.Count);
        Assert.Single(receiver.Received.Select(received => received.Headers["Idempotency-Key"]).Distinct());
        Assert.Equal(DeliveryState.Delivered, Assert.Single(await DeliveriesAsync()).State);
    }

    [Fact]
    public async Task Run_SeveralNotifiersAtOnce_TellOnce()
    {
        await using var receiver = await FireAsync();
        receiver.Answer = async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken); // long enough to overlap
            return 200;
        };
        var notifiers = Enumerable.Range(0, 4).Select(_ => NewNotifier()).ToList();
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(notifiers.Select(notifier => Task.Run(() => notifier.RunOnceAsync(default))));
            Time.Advance(TimeSpan.FromSeconds(31));
        }
        Assert.Single(receiver.Received);
        foreach (var notifier in notifiers) notifier.Dispose();
    }

    [Fact]
    public async Task Run_PrivateAddressNotAllowed_IsRefusedWhenConnecting()
    {
        NotificationOptions.AllowPrivateAddresses = false;
        await using var receiver = await FireAsync();
        using var notifier = NewNotifier();
        await notifier.RunOnceAsync(default);
        Time.Advance(TimeSpan.FromSeconds(31));
        await notifier.RunOnceAsync(default);
        Assert.Empty(receiver.Received);
        Assert.Contains("AllowPrivateAddresses", Assert.Single(await DeliveriesAsync()).Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TestAlertsOfLongAgo_AreForgottenWithWhatChannelsKnowOfThem()
    {
        var channel = await AddChannelAsync(new NotificationChannelRequest("hook", ChannelKind.Webhook, "http://127.0.0.1:1/"));
        await using var connection = await Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var rule = (await AlertRuleStore.ListAsync(connection, default))[0];
        foreach (var days in new[] { 91, 89 })
        {
            var id = Guid.NewGuid();
            var at = Start.AddDays(-days);
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await AlertStore.SaveAsync(connection, transaction, new Alert(id, rule.Id, "line", at, AlertStatus.New(at)) { Test = true }, default);
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
            await ExecuteAsync("insert into alert_transitions (alert, from_state, to_state, reason, at) values (@id, 'Normal', 'Firing', '', @at)", new { id, at });
            await ExecuteAsync("insert into notification_groups values (@channel, 'test:' || @id, @state::jsonb)", new { channel, id = id.ToString(), state = Documents.Write(GroupState.Quiet) });
        }
        using var notifier = NewNotifier();
        await notifier.RunOnceAsync(default);
        foreach (var table in new[] { "alerts", "alert_transitions", "notification_groups" })
            Assert.Equal(1, await connection.ExecuteScalarAsync<long>($"select count(*) from {table}"));
    }

    async Task KillSessionsAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        await using var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Database = "postgres" }.ConnectionString);
        await admin.OpenAsync();
        await using var command = new NpgsqlCommand("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", admin)
        {
            Parameters = { new() { Value = settings.Database! } },
        };
        await command.ExecuteNonQueryAsync();
    }
}
