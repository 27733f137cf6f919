using Npgsql;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>Stores batches durably before they are acknowledged; folding comes later.</summary>
public static class TelemetryIntake
{
    /// <summary>Keeps a batch unless it was kept before, in one statement with the sign of life of its replica.</summary>
    /// <param name="batch">On Monitor's clock, see <see cref="BatchClock"/>.</param>
    /// <param name="skew">How far the replica's clock was ahead.</param>
    public static async Task<TelemetryAck> KeepAsync(
        NpgsqlDataSource database, TelemetryBatch batch, DateTimeOffset now, CancellationToken cancellationToken, TimeSpan skew = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            with kept as (
                insert into telemetry_batches (replica, boot_id, sequence, received_at, body, first_second, last_second)
                values ($1, $2, $3, $4, $5, $8, $9)
                on conflict do nothing
                returning 1),
            alive as (
                insert into telemetry_replicas as known (replica, boot_id, covered_from, watermark, received_watermark, received_at, clock_skew)
                values ($1, $2, $6, $6, $7, $4, $10)
                on conflict (replica, boot_id) do update set
                    received_at = greatest(known.received_at, excluded.received_at),
                    covered_from = least(known.covered_from, excluded.covered_from),
                    received_watermark = greatest(known.received_watermark, excluded.received_watermark),
                    clock_skew = excluded.clock_skew)
            select count(*) from kept
            """, connection)
        {
            Parameters =
            {
                new() { Value = batch.Replica },
                new() { Value = batch.BootId },
                new() { Value = batch.Sequence },
                new() { Value = now },
                new() { Value = batch.Series.Count == 0 ? DBNull.Value : TelemetryBatchCodec.Encode(batch), NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea },
                new() { Value = CoveredFrom(batch) },
                new() { Value = batch.Watermark.ToUniversalTime() },
                new() { Value = batch.Series.Select(second => second.Second).DefaultIfEmpty().Min() },
                new() { Value = batch.Series.Select(second => second.Second).DefaultIfEmpty().Max() },
                new() { Value = skew },
            },
        };
        return new TelemetryAck(Duplicate: (long)(await command.ExecuteScalarAsync(cancellationToken))! == 0);
    }

    /// <summary>The first instant that a batch can speak for.</summary>
    static DateTimeOffset CoveredFrom(TelemetryBatch batch)
    {
        var watermark = batch.Watermark.ToUniversalTime();
        if (batch.Series.Count == 0) return watermark;
        var first = DateTimeOffset.FromUnixTimeSeconds(batch.Series.Min(second => second.Second));
        return first < watermark ? first : watermark;
    }
}
