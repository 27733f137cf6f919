using Dapper;
using Npgsql;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Inference.Blobs;

/// <summary>
/// Who needs a blob. Blobs are known by their content: a model, a frame, a result and an archive of the same bytes are one blob. Between storing
/// bytes and writing the row that needs them, a lock on their hash is held, so that nobody takes them for unneeded.
/// </summary>
static class BlobUse
{
    // A model is probed while it is held.
    const int PatienceSeconds = 600;

    /// <summary>Lets nobody drop these bytes until the transaction ends. Taken before they are stored: they may be there already.</summary>
    public static Task HoldAsync(NpgsqlTransaction transaction, string sha256, CancellationToken cancellationToken) =>
        LockAsync(transaction, "pg_advisory_xact_lock_shared", sha256, cancellationToken);

    /// <summary>Deletes bytes that nothing needs any more; waits for those who hold them.</summary>
    public static async Task DropUnneededAsync(this BlobStore blobs, NpgsqlDataSource database, string sha256, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await IsNeededAsync(transaction, sha256, cancellationToken)) return; // as mostly: then nobody need be waited for
        await LockAsync(transaction, "pg_advisory_xact_lock", sha256, cancellationToken);
        if (!await IsNeededAsync(transaction, sha256, cancellationToken)) await blobs.DeleteAsync(sha256, cancellationToken);
    }

    /// <summary>Whether a model, a kept frame, a detection job's result or a replay that is not finished consists of these bytes.</summary>
    static Task<bool> IsNeededAsync(NpgsqlTransaction transaction, string sha256, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            select exists (select from model_versions where sha256 = @sha256 or info->'checkpoint'->>'sha256' = @sha256)
                or exists (select from sampled_frames where sha256 = @sha256 and expired_at is null)
                or exists (select from detection_jobs where result is not null and result->>'sha256' = @sha256)
                or exists (select from replays where source->>'archive' = @sha256 and state in ('Queued', 'Running'))
            """,
            new { sha256 }, transaction, cancellationToken: cancellationToken));

    static Task LockAsync(NpgsqlTransaction transaction, string kind, string sha256, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            $"select {kind}(hashtextextended('blob ' || @sha256, 0))", new { sha256 }, transaction, PatienceSeconds, cancellationToken: cancellationToken));
}
