namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Redis server on loopback, or the one that <paramref name="existing"/> points to.</summary>
public class RedisResource(string name, ParameterResource password, int port, string? existing)
    : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    internal string? Existing => existing;
    internal int Port => port;
    internal string Password => password.Value;

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => new(ConnectionString);

    internal string ConnectionString => existing ?? $"127.0.0.1:{port},password={Password}";
}
