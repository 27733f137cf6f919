using Dapper;
using Npgsql;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <param name="Since">Alerts that were over before this are none of its business.</param>
public sealed record NotificationChannel(NotificationChannelInfo Info, string? ProtectedSecret, DateTimeOffset Since, bool Deleted)
{
    public bool Takes(AlertInfo alert) =>
        alert.Severity >= Info.MinimumSeverity && (Info.Deployment is null || Info.Deployment == alert.Deployment) && !alert.Replay;
}

/// <summary>The SQL of notification channels.</summary>
static class ChannelStore
{
    sealed record Row(
        Guid Id, string Name, string Kind, string Target, string? Secret, string MinimumSeverity, string? Deployment, bool SendResolved, bool Enabled,
        DateTime Since, bool Deleted)
    {
        public NotificationChannel ToChannel() => new(new NotificationChannelInfo(Id, Name, Enum.Parse<ChannelKind>(Kind, ignoreCase: true), Target,
            Secret is not null, Enum.Parse<AlertSeverity>(MinimumSeverity, ignoreCase: true), Deployment, SendResolved, Enabled), Secret, Since, Deleted);
    }

    /// <summary>Every channel by name, also deleted ones, which deliveries refer to.</summary>
    public static async Task<List<NotificationChannel>> ListAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select id as Id, name as Name, kind as Kind, target as Target, secret as Secret, minimum_severity as MinimumSeverity, deployment as Deployment,
                send_resolved as SendResolved, enabled as Enabled, since as Since, deleted_at is not null as Deleted
            from notification_channels order by name
            """,
            cancellationToken: cancellationToken))).Select(row => row.ToChannel())];

    /// <summary>Adds or changes a channel. One that is switched on begins anew.</summary>
    /// <returns>False when another channel has the name.</returns>
    public static async Task<bool> SaveAsync(NpgsqlConnection connection, NotificationChannel channel, CancellationToken cancellationToken)
    {
        var info = channel.Info;
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into notification_channels (id, name, kind, target, secret, minimum_severity, deployment, send_resolved, enabled, since)
            select @Id, @Name, @kind, @Target, @ProtectedSecret, @severity, @Deployment, @SendResolved, @Enabled, @since
            where not exists (select 1 from notification_channels other where other.name = @Name and other.id <> @Id and other.deleted_at is null)
            on conflict (id) do update set name = excluded.name, kind = excluded.kind, target = excluded.target, secret = excluded.secret,
                minimum_severity = excluded.minimum_severity, deployment = excluded.deployment, send_resolved = excluded.send_resolved,
                enabled = excluded.enabled, since = excluded.since
            """,
            new
            {
                info.Id, info.Name, kind = info.Kind.ToString(), info.Target, channel.ProtectedSecret, severity = info.MinimumSeverity.ToString(),
                info.Deployment, info.SendResolved, info.Enabled, since = channel.Since.ToUniversalTime(),
            },
            cancellationToken: cancellationToken)) > 0;
    }

    /// <summary>Deletes a channel; what waited for it is given up.</summary>
    public static async Task<bool> DeleteAsync(NpgsqlConnection connection, Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(
            "update notification_channels set deleted_at = @now, secret = null where id = @id and deleted_at is null", new { id, now },
            cancellationToken: cancellationToken)) > 0;
}
