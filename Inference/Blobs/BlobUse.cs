using Dapper;
using Npgsql;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Inference.Blobs;

/// <summary>Who needs a blob. Blobs are known by their content: a model, a frame, a result and an archive of the same bytes are one blob.</summary>
static class BlobUse
{
    /// <summary>Whether a model, a kept frame, a detection job's result or a replay that is not finished consists of these bytes.</summary>
    public static async Task<bool> IsNeededAsync(NpgsqlDataSource database, string sha256, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            select exists (select from model_versions where sha256 = @sha256 or info->'checkpoint'->>'sha256' = @sha256)
                or exists (select from sampled_frames where sha256 = @sha256 and expired_at is null)
                or exists (select from detection_jobs where result is not null and result->>'sha256' = @sha256)
                or exists (select from replays where source->>'archive' = @sha256 and state in ('Queued', 'Running'))
            """,
            new { sha256 }, cancellationToken: cancellationToken));
    }

    /// <summary>Deletes bytes that nothing needs any more.</summary>
    public static async Task DropUnneededAsync(this BlobStore blobs, NpgsqlDataSource database, string sha256, CancellationToken cancellationToken)
    {
        if (!await IsNeededAsync(database, sha256, cancellationToken)) await blobs.DeleteAsync(sha256, cancellationToken);
    }
}
