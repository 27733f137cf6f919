using Npgsql;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A PostgreSQL server on loopback, or the one that <paramref name="existing"/> points to.</summary>
public class PostgresServerResource(string name, ParameterResource? userName, ParameterResource password, int port, string? existing)
    : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    internal string? Existing => existing;
    internal int Port => port;
    internal string UserName => userName?.Value ?? "postgres";
    internal string Password => password.Value;
    internal List<PostgresDatabaseResource> Databases { get; } = [];

    /// <summary>Nothing to start when the server, or each database on it, is somebody else's.</summary>
    internal bool IsStarted => Existing is null && (Databases.Count == 0 || Databases.Any(database => database.Existing is null));

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => new(ConnectionString);

    internal string ConnectionString => existing ?? new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = UserName,
        Password = Password,
    }.ConnectionString;
}

public class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent, string? existing)
    : Resource(name), IResourceWithConnectionString
{
    public PostgresServerResource Parent => parent;
    public string DatabaseName => databaseName;
    internal string? Existing => existing;

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => new(ConnectionString);

    internal string ConnectionString =>
        existing ?? new NpgsqlConnectionStringBuilder(parent.ConnectionString) { Database = databaseName }.ConnectionString;
}
