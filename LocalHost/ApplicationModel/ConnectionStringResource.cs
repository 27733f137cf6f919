namespace Aspire.Hosting.ApplicationModel;

/// <summary>A server that somebody else runs, known only by configuration <c>ConnectionStrings:NAME</c>.</summary>
public sealed class ConnectionStringResource(string name, Func<string> connectionString, string? environmentVariableName)
    : Resource(name), IResourceWithConnectionString
{
    internal string? EnvironmentVariableName => environmentVariableName;

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => new(connectionString());
}
