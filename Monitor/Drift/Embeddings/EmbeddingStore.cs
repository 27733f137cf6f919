using Dapper;
using Npgsql;
using RetrainLoop.Monitor.Hosting;

namespace RetrainLoop.Monitor.Drift.Embeddings;

/// <summary>What baselines and reports keep of embeddings: gzipped documents beside their other content.</summary>
static class EmbeddingStore
{
    /// <summary>Null when it was not read from Inference yet.</summary>
    public static async Task<EmbeddingReference?> FindReferenceAsync(NpgsqlDataSource database, Guid baseline, CancellationToken cancellationToken) =>
        Decompress<EmbeddingReference>(await ReadAsync(database, "select embeddings from baselines where id = @id", baseline, cancellationToken));

    /// <summary>A reference never changes once it is kept.</summary>
    public static async Task KeepReferenceAsync(NpgsqlDataSource database, Guid baseline, EmbeddingReference reference, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("update baselines set embeddings = @embeddings where id = @baseline and embeddings is null",
            new { baseline, embeddings = Documents.Compress(reference) }, cancellationToken: cancellationToken));
    }

    /// <summary>The distances that a report compared; null when it had none.</summary>
    public static async Task<IReadOnlyList<EmbeddingCell>?> FindCellsAsync(NpgsqlDataSource database, Guid report, CancellationToken cancellationToken) =>
        Decompress<List<EmbeddingCell>>(await ReadAsync(database, "select embeddings from drift_reports where id = @id", report, cancellationToken));

    /// <summary>What a report's row holds of them.</summary>
    public static byte[]? Compress(EmbeddingWindows embeddings) =>
        embeddings.Windows.Count == 0 ? null : Documents.Compress(EmbeddingWindows.Cells(embeddings.Windows[0]));

    static T? Decompress<T>(byte[]? bytes) where T : class => bytes is null ? null : Documents.Decompress<T>(bytes);

    static async Task<byte[]?> ReadAsync(NpgsqlDataSource database, string sql, Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<byte[]?>(new CommandDefinition(sql, new { id }, cancellationToken: cancellationToken));
    }
}
