using Dapper;
using Npgsql;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>A batch that waits for folding, wholly or from <see cref="FoldedUntil"/> on. Times in Unix seconds.</summary>
sealed record WaitingBatch(string Replica, Guid BootId, long Sequence, long FoldedUntil, long FirstSecond, int Shift, long Found, byte[] Body);

/// <summary>What a boot has reported, as the folder saw it before it looked for batches.</summary>
/// <param name="Folded">How much of it was folded by then.</param>
sealed record ReportedBoot(string Replica, Guid BootId, DateTime CoveredFrom, DateTime Watermark, DateTime ReceivedAt, DateTime Folded);

/// <summary>The SQL of folding.</summary>
static class WaitingBatches
{
    const int AtOnce = 200, BytesAtOnce = 32_000_000;

    public static async Task<List<ReportedBoot>> ReportedAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<ReportedBoot>(new CommandDefinition(
            """
            select replica as Replica, boot_id as BootId, covered_from as CoveredFrom, received_watermark as Watermark, received_at as ReceivedAt,
                watermark as Folded
            from telemetry_replicas
            """, transaction: transaction, cancellationToken: cancellationToken))).AsList();

    /// <summary>Batches that hold seconds before an instant and were not folded that far, the oldest first: as many as fit a round, at least one.</summary>
    public static async Task<(List<WaitingBatch> Batches, bool IsAll)> TakeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long until, CancellationToken cancellationToken)
    {
        var batches = (await connection.QueryAsync<WaitingBatch>(new CommandDefinition(
            """
            with oldest as materialized (
                select replica, boot_id, sequence, first_second, octet_length(body) as length
                from telemetry_batches where body is not null and first_second < @until and folded_until < @until
                order by first_second limit @AtOnce),
            fitting as (
                select *, count(*) over () as found, sum(length) over (order by first_second, replica, boot_id, sequence) - length as before from oldest)
            select b.replica as Replica, b.boot_id as BootId, b.sequence as Sequence, b.folded_until as FoldedUntil, b.first_second as FirstSecond,
                b.shift as Shift, f.found as Found, b.body as Body
            from fitting f join telemetry_batches b using (replica, boot_id, sequence) where f.before < @BytesAtOnce
            """, new { until, AtOnce, BytesAtOnce }, transaction, cancellationToken: cancellationToken))).AsList();
        return (batches, batches.Count == 0 || (batches.Count == batches[0].Found && batches.Count < AtOnce));
    }

    /// <summary>Notes how far batches are folded; the body of one that is folded whole goes, its key stays.</summary>
    public static Task MarkAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<WaitingBatch> batches, long until, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            update telemetry_batches b set folded_until = @until, body = case when b.last_second < @until then null else b.body end
            from unnest(@replicas, @boots, @sequences) as folded (replica, boot_id, sequence)
            where b.replica = folded.replica and b.boot_id = folded.boot_id and b.sequence = folded.sequence
            """,
            new
            {
                until,
                replicas = batches.Select(batch => batch.Replica).ToArray(),
                boots = batches.Select(batch => batch.BootId).ToArray(),
                sequences = batches.Select(batch => batch.Sequence).ToArray(),
            },
            transaction, cancellationToken: cancellationToken));

    /// <summary>Makes what boots reported the truth for readers: everything before their watermarks is folded as far as it is closed.</summary>
    public static Task MoveWatermarksAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<ReportedBoot> boots, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            update telemetry_replicas r set watermark = reported.watermark
            from unnest(@replicas, @boots, @watermarks) as reported (replica, boot_id, watermark)
            where r.replica = reported.replica and r.boot_id = reported.boot_id and r.watermark < reported.watermark
            """,
            new
            {
                replicas = boots.Select(boot => boot.Replica).ToArray(),
                boots = boots.Select(boot => boot.BootId).ToArray(),
                watermarks = boots.Select(boot => boot.Watermark).ToArray(),
            },
            transaction, cancellationToken: cancellationToken));
}
