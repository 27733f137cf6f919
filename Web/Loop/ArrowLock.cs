using Dapper;
using Npgsql;

namespace RetrainLoop.Web.Loop;

/// <summary>Lets one worker at a time run an arrow: a PostgreSQL advisory lock, which a killed process leaves behind at once.</summary>
public sealed class ArrowLock(NpgsqlDataSource database)
{
    const int Space = 0x4c4f4f50; // "LOOP": apart from other advisory locks in this database

    /// <summary>Null when another worker holds it. Dispose to give it back.</summary>
    public async Task<IAsyncDisposable?> TryTakeAsync(string arrow, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        var taken = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select pg_try_advisory_lock(@Space, hashtext(@arrow))", new { Space, arrow }, cancellationToken: cancellationToken));
        if (taken) return new Turn(connection, arrow);
        await connection.DisposeAsync();
        return null;
    }

    sealed class Turn(NpgsqlConnection connection, string arrow) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await connection.ExecuteAsync("select pg_advisory_unlock(@Space, hashtext(@arrow))", new { Space, arrow });
            }
            catch (NpgsqlException)
            {
                // A broken connection has given the lock back already.
            }
            await connection.DisposeAsync();
        }
    }
}
