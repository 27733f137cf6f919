using System.IO.Compression;
using System.Text.Json;
using Npgsql;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>Stores batches durably before they are acknowledged; folding comes later.</summary>
public static class TelemetryIntake
{
    /// <summary>Keeps a batch unless it was kept before, in one transaction with the sign of life of its replica.</summary>
    public static async Task<TelemetryAck> KeepAsync(NpgsqlDataSource database, TelemetryBatch batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            with kept as (
                insert into telemetry_batches (replica, boot_id, sequence, received_at, body) values ($1, $2, $3, $4, $5)
                on conflict do nothing
                returning 1),
            alive as (
                insert into telemetry_replicas as known (replica, boot_id, covered_from, watermark, received_at) values ($1, $2, $6, $6, $4)
                on conflict (replica, boot_id) do update set received_at = greatest(known.received_at, excluded.received_at))
            select count(*) from kept
            """, connection)
        {
            Parameters =
            {
                new() { Value = batch.Replica },
                new() { Value = batch.BootId },
                new() { Value = batch.Sequence },
                new() { Value = now },
                new() { Value = Pack(batch) },
                new() { Value = CoveredFrom(batch) },
            },
        };
        return new TelemetryAck(Duplicate: (long)(await command.ExecuteScalarAsync(cancellationToken))! == 0);
    }

    public static byte[] Pack(TelemetryBatch batch)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest)) JsonSerializer.Serialize(gzip, batch, ContractJson.Options);
        return buffer.ToArray();
    }

    public static TelemetryBatch Unpack(byte[] body)
    {
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<TelemetryBatch>(gzip, ContractJson.Options)!;
    }

    /// <summary>The first instant that a batch can speak for.</summary>
    public static DateTimeOffset CoveredFrom(TelemetryBatch batch)
    {
        var watermark = batch.Watermark.ToUniversalTime();
        if (batch.Series.Count == 0) return watermark;
        var first = DateTimeOffset.FromUnixTimeSeconds(batch.Series.Min(second => second.Second));
        return first < watermark ? first : watermark;
    }
}
