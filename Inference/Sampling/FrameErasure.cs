using Dapper;
using Npgsql;
using RetrainLoop.Inference.Blobs;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Inference.Sampling;

/// <summary>
/// Erases a frame for good: its bytes, what the model saw in it, its embedding. The row stays for lineage. Comparisons leave it out; the results of detection
/// jobs, which hold boxes without pictures, go with their retention.
/// </summary>
sealed class FrameErasure(NpgsqlDataSource database, BlobStore blobs, TimeProvider time)
{
    // What shows the picture, in the row as in what was published of it.
    const string Nothing = """{"detections": [], "embedding": null}""";

    /// <returns>False when there is no such frame.</returns>
    public async Task<bool> EraseAsync(Guid frame, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The same bytes may have come as several frames; all of them show the same picture.
        var erased = (await connection.QueryAsync<(Guid Id, string Sha256)>(new CommandDefinition(
            """
            update sampled_frames set erased_at = coalesce(erased_at, @now), expired_at = coalesce(expired_at, @now), info = info || @Nothing::jsonb
            where sha256 = (select sha256 from sampled_frames where id = @frame)
            returning id, sha256
            """,
            new { frame, Nothing, now = time.GetUtcNow().UtcDateTime }, transaction, cancellationToken: cancellationToken))).AsList();
        if (erased.Count == 0) return false;
        await ChangeFeed.AmendAsync(
            transaction, ChangeKinds.FrameSampled, [.. erased.Select(row => row.Id.ToString())], Nothing, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await blobs.DropUnneededAsync(database, erased[0].Sha256, cancellationToken);
        return true;
    }
}
