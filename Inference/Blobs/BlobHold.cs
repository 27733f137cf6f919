using Npgsql;

namespace RetrainLoop.Inference.Blobs;

/// <summary>
/// Lets nobody drop bytes that are being stored, until it is disposed: after the row that needs them was written, and before they are dropped because
/// none was. Not thread-safe.
/// </summary>
sealed class BlobHold(NpgsqlDataSource database) : IAsyncDisposable
{
    NpgsqlConnection? connection;
    NpgsqlTransaction? transaction; // it only locks, so it keeps no reader of the change feed waiting

    public async Task OnAsync(string sha256, CancellationToken cancellationToken)
    {
        connection ??= await database.OpenConnectionAsync(cancellationToken);
        transaction ??= await connection.BeginTransactionAsync(cancellationToken);
        await BlobUse.HoldAsync(transaction, sha256, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (transaction is not null) await transaction.DisposeAsync();
        if (connection is not null) await connection.DisposeAsync();
    }
}
