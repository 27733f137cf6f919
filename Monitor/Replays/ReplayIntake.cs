using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Replays;

/// <summary>What became of a batch: counted now or before, of a replay that is not here, or refused with a reason.</summary>
readonly record struct IntakeResult(TelemetryAck? Ack, bool NoReplay = false, string? Refusal = null, string? Conflict = null);

/// <summary>
/// Counts batches of replays. The sum and the number of the batch change in one transaction, so a batch counts once however often it comes; since
/// batches come in order, a gap is an error of the sender, never of the order.
/// </summary>
static class ReplayIntake
{
    public static async Task<IntakeResult> CountAsync(
        NpgsqlDataSource database, Guid id, TelemetryBatch batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (TelemetryBatchCheck.Refusal(batch) is { } wrong) return new(null, Refusal: wrong);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await ReplayStore.LockAsync(connection, transaction, id, cancellationToken) is not { } replay) return new(null, NoReplay: true);
        if (batch.Sequence <= replay.LastSequence) return new(new TelemetryAck(Duplicate: true));
        if (batch.Sequence > replay.LastSequence + 1)
            return new(null, Conflict: $"Batch {batch.Sequence} came, but {replay.LastSequence + 1} is the next: batches of a replay come in order.");
        if (Stranger(replay, batch) is { } stranger) return new(null, Refusal: stranger);
        await ReplaySeries.AddAsync(connection, transaction, id, batch.Series, cancellationToken);
        await ReplayStore.AdvanceAsync(connection, transaction, id, batch, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new(new TelemetryAck(Duplicate: false));
    }

    static string? Stranger(Replay replay, TelemetryBatch batch)
    {
        if (batch.Series.Any(second => second.Deployment != replay.Deployment || second.Model != replay.Start.Model || second.Slot != ModelSlot.Champion))
            return $"A batch of this replay is of {replay.Deployment} and {replay.Start.Model} alone.";
        var open = replay.Watermark.ToUnixTimeSeconds();
        return batch.Series.Any(second => second.Second < open || second.Second >= replay.To.ToUnixTimeSeconds())
            ? "A batch lies between the last one's watermark and the replay's end."
            : null;
    }
}
