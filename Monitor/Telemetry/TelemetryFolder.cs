using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>
/// Folds waiting batches into series buckets. Buckets, watermarks and the mark "folded" change in one transaction, so that a batch counts
/// exactly once however often the process dies; one replica folds at a time.
/// </summary>
public sealed partial class TelemetryFolder(
    NpgsqlDataSource database, IOptions<TelemetryOptions> options, TimeProvider time, ILogger<TelemetryFolder> logger) : RecurringWork(time, logger)
{
    const int BatchesPerRound = 500;

    protected override TimeSpan Interval => options.Value.FoldInterval;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        while (await FoldSomeAsync(cancellationToken) == BatchesPerRound) ;
    }

    async Task<int> FoldSomeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await AdvisoryLock.TryTakeAsync(connection, transaction, AdvisoryLock.Fold, cancellationToken)) return 0;
        var bodies = (await connection.QueryAsync<byte[]>(new CommandDefinition(
            "select body from telemetry_batches where body is not null order by received_at limit @limit",
            new { limit = BatchesPerRound }, transaction, cancellationToken: cancellationToken))).AsList();
        if (bodies.Count == 0) return 0;

        var batches = bodies.Select(TelemetryIntake.Unpack).ToList();
        await FoldAsync(connection, transaction, batches, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogFolded(batches.Count);
        return batches.Count;
    }

    /// <summary>Merges batches into the buckets of every resolution and marks them folded, within the caller's transaction.</summary>
    public static async Task FoldAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<TelemetryBatch> batches, CancellationToken cancellationToken)
    {
        var buckets = new Dictionary<(SeriesKey Series, int Resolution, long Start), SeriesSketch>();
        foreach (var second in batches.SelectMany(batch => batch.Series))
        {
            var series = SeriesKey.Of(second);
            foreach (var resolution in Resolutions.All)
            {
                var key = (series, resolution, second.Second - second.Second % resolution);
                if (!buckets.TryGetValue(key, out var sketch)) buckets[key] = sketch = new SeriesSketch();
                sketch.Add(second);
            }
        }
        await SeriesStore.MergeAsync(connection, transaction, buckets, cancellationToken);
        foreach (var boot in batches.GroupBy(batch => (batch.Replica, batch.BootId)))
            await connection.ExecuteAsync(new CommandDefinition(
                """
                update telemetry_replicas set covered_from = least(covered_from, @from), watermark = greatest(watermark, @watermark)
                where replica = @Replica and boot_id = @BootId;
                update telemetry_batches set body = null where replica = @Replica and boot_id = @BootId and sequence = any(@sequences)
                """,
                new
                {
                    boot.Key.Replica, boot.Key.BootId,
                    from = boot.Min(TelemetryIntake.CoveredFrom),
                    watermark = boot.Max(batch => batch.Watermark).ToUniversalTime(),
                    sequences = boot.Select(batch => batch.Sequence).ToArray(),
                },
                transaction, cancellationToken: cancellationToken));
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Folded {Batches} batches")]
    partial void LogFolded(int batches);
}
