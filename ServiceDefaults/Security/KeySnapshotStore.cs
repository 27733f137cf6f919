using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace RetrainLoop.ServiceDefaults.Security;

/// <summary>
/// Keeps the service's copy of the keys in its database, so that it knows them after a restart with Web away. Replicas read it every few seconds,
/// because a publication reaches only one of them.
/// </summary>
public sealed partial class KeySnapshotStore(KeyRing ring, NpgsqlDataSource database, TimeProvider time, ILogger<KeySnapshotStore> logger) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public async Task SaveAsync(KeySnapshot snapshot, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into key_snapshot (revision, snapshot) values (@Revision, @json::jsonb)
            on conflict (only_row) do update set revision = excluded.revision, snapshot = excluded.snapshot
            where key_snapshot.revision <= excluded.revision
            """,
            new { snapshot.Revision, json = JsonSerializer.Serialize(snapshot, ContractJson.Options) }, cancellationToken: cancellationToken));
        ring.Apply(snapshot);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await LoadAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                LogUnreadable(exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var json = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select snapshot from key_snapshot where revision > @known",
            new { known = ring.Snapshot?.Revision ?? -1 }, cancellationToken: cancellationToken));
        if (json is not null && JsonSerializer.Deserialize<KeySnapshot>(json, ContractJson.Options) is { } snapshot) ring.Apply(snapshot);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The stored keys cannot be read now ({Reason}); the known ones stay valid")]
    partial void LogUnreadable(string reason);
}
