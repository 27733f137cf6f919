using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>Deletes buckets and batch keys that are older than the options keep them.</summary>
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
            delete from series_buckets where resolution = @tenSeconds and start < @tenSecondsFrom;
            delete from series_buckets where resolution = @minute and start < @minutesFrom;
            delete from telemetry_batches where body is null and received_at < @keysFrom;
            delete from telemetry_replicas where received_at < @minutesFrom;
            """,
            new
            {
                tenSeconds = Resolutions.TenSeconds,
                minute = Resolutions.Minute,
                tenSecondsFrom = now - options.Value.KeepTenSeconds,
                minutesFrom = now - options.Value.KeepMinutes,
                keysFrom = now - options.Value.KeepBatchKeys,
            },
            transaction, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }
}
