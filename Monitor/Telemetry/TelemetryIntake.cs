using Npgsql;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>Stores batches durably before they are acknowledged; folding comes later.</summary>
public static class TelemetryIntake
{
    /// <summary>Keeps a batch whose times are on Monitor's clock already.</summary>
    public static Task<TelemetryAck> KeepAsync(NpgsqlDataSource database, TelemetryBatch batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var body = TelemetryBatchCodec.Encode(batch);
        return KeepAsync(database, TelemetryBody.Header(body), body, 0, TimeSpan.Zero, now, cancellationToken);
    }

    /// <summary>Keeps a batch unless it was kept before, in one statement with the sign of life of its replica.</summary>
    /// <param name="body">As <see cref="TelemetryBatchCodec"/> writes it.</param>
    /// <param name="shift">Seconds that put the batch's times on Monitor's clock, see <see cref="BatchClock"/>.</param>
    /// <param name="skew">How far the replica's clock is ahead.</param>
    public static async Task<TelemetryAck> KeepAsync(
        NpgsqlDataSource database, BatchHeader batch, byte[] body, long shift, TimeSpan skew, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            with kept as (
                insert into telemetry_batches (replica, boot_id, sequence, received_at, body, first_second, last_second, shift)
                values ($1, $2, $3, $4, $5, $8, $9, $10)
                on conflict do nothing
                returning 1),
            alive as (
                insert into telemetry_replicas as known (replica, boot_id, covered_from, watermark, received_watermark, received_at, clock_skew)
                values ($1, $2, $6, $6, $7, $4, $11)
                on conflict (replica, boot_id) do update set
                    received_at = greatest(known.received_at, excluded.received_at),
                    covered_from = least(known.covered_from, excluded.covered_from),
                    received_watermark = greatest(known.received_watermark, excluded.received_watermark),
                    clock_skew = excluded.clock_skew)
            select count(*) from kept
            """, connection);
        var watermark = batch.Watermark.ToUniversalTime().AddSeconds(shift);
        var first = DateTimeOffset.FromUnixTimeSeconds(batch.FirstSecond + shift);
        object[] values =
        [
            batch.Replica, batch.BootId, batch.Sequence, now, batch.IsEmpty ? DBNull.Value : body, batch.IsEmpty || watermark < first ? watermark : first, watermark,
            batch.FirstSecond + shift, batch.LastSecond + shift, (int)shift, skew,
        ];
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        command.Parameters[4].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea;
        return new TelemetryAck(Duplicate: (long)(await command.ExecuteScalarAsync(cancellationToken))! == 0);
    }
}
