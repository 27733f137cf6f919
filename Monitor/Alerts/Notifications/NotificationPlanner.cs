using Dapper;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Hosting;

namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <summary>
/// Decides what each channel is told now. What it decides and what it remembers of it are kept in one transaction, so that a kill in between loses and
/// doubles nothing. One replica plans at a time.
/// </summary>
sealed class NotificationPlanner(NpgsqlDataSource database, NotificationOptions options)
{
    static readonly TimeSpan KeepLog = TimeSpan.FromDays(90);

    sealed record GroupRow(Guid Channel, string Name, string State);

    /// <returns>How many notifications were put on their way.</returns>
    public async Task<int> PlanAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await AdvisoryLock.TryTakeAsync(connection, transaction, AdvisoryLock.Notifications, cancellationToken)) return 0;
        var alerts = (await AlertReader.ListAsync(connection, now, cancellationToken)).Where(alert => alert.FiredAt is not null).ToList();
        var groups = (await connection.QueryAsync<GroupRow>(new CommandDefinition(
            "select channel as Channel, name as Name, state as State from notification_groups", transaction: transaction, cancellationToken: cancellationToken)))
            .ToDictionary(row => (row.Channel, row.Name), row => Documents.Read<GroupState>(row.State));
        var waiting = await DeliveryStore.WaitingAsync(connection, transaction, cancellationToken);
        var planned = 0;
        foreach (var channel in (await ChannelStore.ListAsync(connection, cancellationToken)).Where(channel => channel is { Deleted: false, Info.Enabled: true }))
            foreach (var group in alerts.Where(channel.Takes).Where(alert => alert.ResolvedAt is null || alert.ResolvedAt >= channel.Since).GroupBy(GroupOf))
            {
                // What is on its way arrives first: the next notification then says how things stand by then.
                if (waiting.Contains((channel.Info.Id, group.Key))) continue;
                var before = groups.GetValueOrDefault((channel.Info.Id, group.Key)) ?? GroupState.Quiet;
                var members = group.ToList();
                var (after, notification) = NotificationStateMachine.Next(before, [.. members.Select(Member)], Timing(channel, members[0].Test), now);
                if (after != before && !Same(after, before)) await SaveAsync(connection, transaction, channel.Info.Id, group.Key, after, cancellationToken);
                if (notification is null) continue;
                await DeliveryStore.AddAsync(connection, transaction, new Delivery(Guid.CreateVersion7(now), channel.Info.Id, group.Key,
                    Of(notification, members, now), 0, now), cancellationToken);
                planned++;
            }
        await DeliveryStore.ForgetAsync(connection, transaction, now - KeepLog, cancellationToken);
        await AlertStore.ForgetTestsAsync(connection, transaction, now - KeepLog, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return planned;
    }

    /// <summary>A deployment's alerts are told together; a test alone.</summary>
    static string GroupOf(AlertInfo alert) => alert.Test ? $"test:{alert.Id}" : alert.Deployment;

    static GroupMember Member(AlertInfo alert) => new(
        alert.Id, alert.FiredAt!.Value, alert.ResolvedAt, alert.Inhibited || alert.SilencedUntil is not null, alert.Acknowledgement is not null);

    /// <summary>Who tests wants to see it arrive, not to wait for company.</summary>
    GroupTiming Timing(NotificationChannel channel, bool test) => test
        ? new(TimeSpan.Zero, TimeSpan.Zero, options.Repeat, channel.Info.SendResolved)
        : new(options.GroupWait, options.GroupInterval, options.Repeat, channel.Info.SendResolved);

    static Notification Of(GroupNotification told, List<AlertInfo> members, DateTimeOffset now) => new(members[0].Deployment,
        [.. members.Where(alert => told.Firing.Contains(alert.Id)).OrderByDescending(alert => alert.Severity).ThenBy(alert => alert.FiredAt)],
        [.. members.Where(alert => told.Resolved.Contains(alert.Id)).OrderByDescending(alert => alert.Severity).ThenBy(alert => alert.FiredAt)],
        told.Repeat, members[0].Test, now);

    static bool Same(GroupState left, GroupState right) =>
        left.NewsSince == right.NewsSince && left.SentAt == right.SentAt && left.Known.SequenceEqual(right.Known);

    static Task SaveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid channel, string name, GroupState state, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into notification_groups (channel, name, state) values (@channel, @name, @json::jsonb)
            on conflict (channel, name) do update set state = excluded.state
            """,
            new { channel, name, json = Documents.Write(state) }, transaction, cancellationToken: cancellationToken));
}
