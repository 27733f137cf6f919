using Dapper;
using Npgsql;

namespace RetrainLoop.Inference.Deployments;

/// <summary>This replica's name, and how many there are: per-camera quotas are shared among them.</summary>
sealed class Replicas(IConfiguration configuration)
{
    static readonly TimeSpan Alive = TimeSpan.FromSeconds(30);

    /// <summary>The instance name that the host gives (<c>service.instance.id</c>), else the machine's: stable over restarts.</summary>
    public string Name { get; } = InstanceOf(configuration["OTEL_RESOURCE_ATTRIBUTES"]) ?? Environment.MachineName;

    public int Count { get; private set; } = 1;

    /// <summary>Shows this replica and counts the others.</summary>
    public async Task BeatAsync(NpgsqlDataSource database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        Count = Math.Max(1, await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            insert into replicas (name, seen_at) values (@Name, @now) on conflict (name) do update set seen_at = excluded.seen_at;
            delete from replicas where seen_at < @gone;
            select count(*) from replicas
            """,
            new { Name, now = now.UtcDateTime, gone = (now - Alive).UtcDateTime }, cancellationToken: cancellationToken)));
    }

    static string? InstanceOf(string? attributes) => attributes?.Split(',')
        .Select(pair => pair.Split('=', 2, StringSplitOptions.TrimEntries))
        .FirstOrDefault(pair => pair is ["service.instance.id", { Length: > 0 }])?[1];
}
