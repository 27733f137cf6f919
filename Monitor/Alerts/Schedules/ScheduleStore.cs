using Dapper;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Hosting;

namespace RetrainLoop.Monitor.Alerts.Schedules;

/// <summary>The SQL of schedules.</summary>
static class ScheduleStore
{
    sealed record Row(string Name, string Heartbeat, DateTime ReceivedAt);

    public static async Task<List<ScheduleInfo>> ListAsync(
        NpgsqlConnection connection, DateTimeOffset now, TimeSpan tolerance, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            "select name as Name, heartbeat as Heartbeat, received_at as ReceivedAt from schedules order by name", cancellationToken: cancellationToken));
        return [.. rows.Select(row => ScheduleDue.Judge(row.Name, Documents.Read<ScheduleHeartbeat>(row.Heartbeat), row.ReceivedAt, now, tolerance))];
    }

    public static async Task SaveAsync(
        NpgsqlDataSource database, string name, ScheduleHeartbeat heartbeat, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into schedules (name, deployment, heartbeat, received_at) values (@name, @Deployment, @json::jsonb, @now)
            on conflict (name) do update set deployment = excluded.deployment, heartbeat = excluded.heartbeat, received_at = excluded.received_at
            """,
            new { name, heartbeat.Deployment, json = Documents.Write(heartbeat), now }, cancellationToken: cancellationToken));
    }

    public static async Task<bool> DeleteAsync(NpgsqlDataSource database, string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition("delete from schedules where name = @name", new { name }, cancellationToken: cancellationToken)) > 0;
    }
}
