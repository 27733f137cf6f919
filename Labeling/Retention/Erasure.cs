using Dapper;
using Npgsql;
using RetrainLoop.Labeling.Tasks;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Labeling.Retention;

/// <summary>
/// Erases a frame for good: its bytes, what models saw in it, drafts. Dataset versions keep a tombstone and export without it. It is published, so that
/// Inference erases what it still keeps; a repetition publishes it again.
/// </summary>
sealed class Erasure(NpgsqlDataSource database, BlobStore blobs, ChangeNudge nudge, TimeProvider time)
{
    /// <returns>False when there is no such frame.</returns>
    public async Task<bool> EraseAsync(Guid frame, string actor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var sha256 = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "update images set erased_at = coalesce(erased_at, @now) where sha256 = (select sha256 from frames where id = @frame) returning sha256",
            new { frame, now = time.GetUtcNow() }, transaction, cancellationToken: cancellationToken));
        if (sha256 is null) return false;
        // The same bytes may have come as several frames; all of them show the same picture.
        var tasks = (await connection.QueryAsync<Guid>(new CommandDefinition(
            """
            delete from frame_detections where frame in (select id from frames where sha256 = @sha256);
            delete from drafts where task in (select t.id from tasks t join frames f on f.id = t.frame where f.sha256 = @sha256);
            select t.id from tasks t join frames f on f.id = t.frame where f.sha256 = @sha256 order by t.id
            """,
            new { sha256 }, transaction, cancellationToken: cancellationToken))).AsList();
        foreach (var task in tasks) await GiveUpAsync(transaction, task, actor, cancellationToken);
        await ChangeFeed.AppendAsync(
            connection, transaction, ChangeKinds.FrameErased, frame.ToString(), new FrameErased(frame, sha256, time.GetUtcNow()), time.GetUtcNow(),
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        nudge.Changed();
        await blobs.DeleteAsync(sha256, cancellationToken);
        return true;
    }

    async Task GiveUpAsync(NpgsqlTransaction transaction, Guid task, string actor, CancellationToken cancellationToken)
    {
        var row = (await TaskRow.LockAsync(transaction, task, actor, cancellationToken))!;
        var decision = LabelTaskStateMachine.Decide(row.Status, new LabelTaskEvent.FrameErased(), time.GetUtcNow());
        if (decision.Next is not null) await TaskTransition.WriteAsync(transaction, task, row.State, decision, actor, time.GetUtcNow(), cancellationToken);
    }
}
