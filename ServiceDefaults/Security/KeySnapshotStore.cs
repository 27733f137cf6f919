using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.ServiceDefaults.Security;

/// <summary>
/// Keeps the service's copy of the keys in its database, so that it knows them after a restart with Web away. Replicas read it every few seconds,
/// because a publication reaches only one of them. While the database is away the known keys stay valid.
/// </summary>
public sealed class KeySnapshotStore(KeyRing ring, NpgsqlDataSource database, TimeProvider time, ILogger<KeySnapshotStore> logger)
    : RecurringWork(time, logger)
{
    protected override TimeSpan Interval => TimeSpan.FromSeconds(5);

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

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var json = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select snapshot from key_snapshot where revision > @known",
            new { known = ring.Snapshot?.Revision ?? -1 }, cancellationToken: cancellationToken));
        if (json is not null && JsonSerializer.Deserialize<KeySnapshot>(json, ContractJson.Options) is { } snapshot) ring.Apply(snapshot);
    }
}
