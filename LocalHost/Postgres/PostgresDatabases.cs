using Aspire.Hosting.ApplicationModel;
using Npgsql;

namespace RetrainLoop.LocalHost.Postgres;

/// <summary>Whether a server answers and holds its databases; creates those that are missing.</summary>
sealed class PostgresDatabases(PostgresServerResource server)
{
    readonly HashSet<string> present = [];

    /// <summary>Null when all is well, otherwise why not.</summary>
    public async Task<string?> ProbeAsync(CancellationToken cancellation)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false, Timeout = 4 };
            settings.Database ??= "postgres";
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(cancellation);
            foreach (var name in server.Databases.Where(database => database.Existing is null).Select(database => database.DatabaseName))
            {
                await EnsureAsync(connection, name, cancellation);
            }

            await using var ping = new NpgsqlCommand("SELECT 1", connection);
            await ping.ExecuteScalarAsync(cancellation);
            return null;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            return $"PostgreSQL refuses the password of '{server.UserName}'. Put back the one with which its data was made, or give a new data folder.";
        }
        catch (NpgsqlException away)
        {
            return away.Message;
        }
    }

    async Task EnsureAsync(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        if (present.Contains(name))
        {
            return;
        }

        await using var look = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection);
        look.Parameters.Add(new() { Value = name });
        if (await look.ExecuteScalarAsync(cancellation) is null)
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", connection);
            await create.ExecuteNonQueryAsync(cancellation);
        }

        present.Add(name);
    }
}
