using Dapper;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Hosting;

namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <summary>A notification on its way to a channel.</summary>
sealed record Delivery(Guid Id, Guid Channel, string Group, Notification Notification, int Attempts, DateTimeOffset CreatedAt);

/// <summary>The SQL of the delivery log, which is the queue too.</summary>
static class DeliveryStore
{
    sealed record Row(
        Guid Id, Guid Channel, string ChannelName, string Kind, string Group, string Notification, string State, int Attempts, string? Answer,
        DateTime CreatedAt, DateTime? NextAttemptAt, DateTime? DeliveredAt)
    {
        public DeliveryInfo ToInfo()
        {
            var told = Documents.Read<Notification>(Notification);
            return new DeliveryInfo(Id, Channel, ChannelName, Enum.Parse<ChannelKind>(Kind, ignoreCase: true), told.Deployment,
                [.. told.Alerts.Select(alert => alert.Id).Where(id => id != Guid.Empty)], told.Firing.Count, told.Resolved.Count, told.Repeat, told.Test,
                NotificationText.Subject(told), Enum.Parse<DeliveryState>(State, ignoreCase: true), Attempts, Answer, CreatedAt, NextAttemptAt, DeliveredAt);
        }
    }

    sealed record WaitingRow(Guid Id, Guid Channel, string Group, string Notification, int Attempts, DateTime CreatedAt);

    public static Task AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, Delivery delivery, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into notification_deliveries (id, channel, group_name, notification, state, created_at, next_attempt_at)
            values (@Id, @Channel, @Group, @json::jsonb, 'waiting', @at, @at)
            """,
            new { delivery.Id, delivery.Channel, delivery.Group, json = Documents.Write(delivery.Notification), at = delivery.CreatedAt.ToUniversalTime() },
            transaction, cancellationToken: cancellationToken));

    /// <summary>Locks one delivery that is due, past those that another replica works on; null when there is none.</summary>
    public static async Task<Delivery?> TakeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset now, Guid? only, CancellationToken cancellationToken) =>
        await connection.QueryFirstOrDefaultAsync<WaitingRow>(new CommandDefinition(
            """
            select id as Id, channel as Channel, group_name as "Group", notification as Notification, attempts as Attempts, created_at as CreatedAt
            from notification_deliveries
            where state = 'waiting' and next_attempt_at <= @now and (@only::uuid is null or id = @only)
            order by next_attempt_at limit 1 for update skip locked
            """,
            new { now, only }, transaction, cancellationToken: cancellationToken)) is { } row
            ? new Delivery(row.Id, row.Channel, row.Group, Documents.Read<Notification>(row.Notification), row.Attempts, row.CreatedAt)
            : null;

    /// <param name="nextAttemptAt">Null = no further attempt.</param>
    public static Task FinishAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid id, SendResult result, DateTimeOffset now, DateTimeOffset? nextAttemptAt,
        CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            update notification_deliveries set attempts = attempts + 1, answer = @Answer, next_attempt_at = @nextAttemptAt, state = @state,
                delivered_at = case when @Delivered then @now end
            where id = @id
            """,
            new
            {
                id, result.Answer, result.Delivered, now, nextAttemptAt,
                state = result.Delivered ? "delivered" : nextAttemptAt is null ? "failed" : "waiting",
            },
            transaction, cancellationToken: cancellationToken));

    /// <summary>The groups (channel, name) that still have something on its way.</summary>
    public static async Task<HashSet<(Guid Channel, string Group)>> WaitingAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<(Guid, string)>(new CommandDefinition(
            "select distinct channel, group_name from notification_deliveries where state = 'waiting'", transaction: transaction, cancellationToken: cancellationToken))];

    /// <summary>The log, newest first; absent arguments match everything.</summary>
    public static async Task<List<DeliveryInfo>> ListAsync(
        NpgsqlConnection connection, Guid? channel, Guid? alert, int limit, CancellationToken cancellationToken, Guid? id = null) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select d.id as Id, d.channel as Channel, c.name as ChannelName, c.kind as Kind, d.group_name as "Group", d.notification as Notification,
                d.state as State, d.attempts as Attempts, d.answer as Answer, d.created_at as CreatedAt, d.next_attempt_at as NextAttemptAt,
                d.delivered_at as DeliveredAt
            from notification_deliveries d join notification_channels c on c.id = d.channel
            where (@channel::uuid is null or d.channel = @channel) and (@id::uuid is null or d.id = @id)
                and (@alert::text is null or d.notification @> jsonb_build_object('firing', jsonb_build_array(jsonb_build_object('id', @alert)))
                    or d.notification @> jsonb_build_object('resolved', jsonb_build_array(jsonb_build_object('id', @alert))))
            order by d.created_at desc limit @limit
            """,
            new { channel, alert = alert?.ToString(), limit, id }, cancellationToken: cancellationToken))).Select(row => row.ToInfo())];

    public static Task ForgetAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset before, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "delete from notification_deliveries where created_at < @before and state <> 'waiting'", new { before }, transaction, cancellationToken: cancellationToken));
}
