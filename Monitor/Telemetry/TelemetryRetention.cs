using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Series;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>Creates the partitions of the near future, drops those that are older than the options keep them, and deletes old batch keys.</summary>
public sealed class TelemetryRetention(
    NpgsqlDataSource database, IOptions<TelemetryOptions> options, TimeProvider time, ILogger<TelemetryRetention> logger) : RecurringWork(time, logger)
{
    protected override TimeSpan Interval => TimeSpan.FromMinutes(10);

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await AdvisoryLock.TryTakeAsync(connection, transaction, AdvisoryLock.Retention, cancellationToken)) return;
        await connection.ExecuteAsync(new CommandDefinition(
            """
            delete from telemetry_batches where body is null and received_at < @keysFrom;
            delete from telemetry_replicas where received_at < @minutesFrom;
            delete from late_telemetry where to_at < @minutesFrom;
            """,
            new { minutesFrom = now - options.Value.KeepMinutes, keysFrom = now - options.Value.KeepBatchKeys },
            transaction, cancellationToken: cancellationToken));
        // Created ahead, so that no fold has to wait for it.
        var ahead = SeriesTable.All.SelectMany(table => new[] { now, now.AddSeconds(table.PartitionSeconds) }
            .Select(at => (table, table.PartitionOf(at.ToUnixTimeSeconds()))));
        await SeriesPartitions.CreateAsync(connection, transaction, ahead, cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        var frontiers = await SeriesFrontiers.ReadAsync(connection, cancellationToken);
        foreach (var table in SeriesTable.All)
            await SeriesPartitions.DropAsync(connection, table, SeriesRetention.KeptFrom(table, frontiers, options.Value, now), cancellationToken);
    }
}
