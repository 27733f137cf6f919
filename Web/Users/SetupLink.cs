using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Web.Users;

/// <summary>
/// While there is no user, each start makes a link that creates the first administrator once. It stands in the log and in
/// <c>setup-link.txt</c> of the data folder, readable by the owner alone.
/// </summary>
public sealed partial class SetupLink(
    NpgsqlDataSource database, DataFolder data, IServer server, TimeProvider time, ILogger<SetupLink> logger) : IHostedLifecycleService
{
    volatile bool done;

    public string FilePath => Path.Combine(data.Path, "setup-link.txt");

    /// <summary>True until the first user exists.</summary>
    public async Task<bool> IsNeededAsync(CancellationToken cancellationToken)
    {
        if (done) return false;
        await using var command = database.CreateCommand("select exists (select from users)");
        done = (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        return !done;
    }

    /// <summary>Runs when the server listens, because only then its address is known.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (!await IsNeededAsync(cancellationToken))
        {
            File.Delete(FilePath);
            return;
        }
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await using var command = database.CreateCommand("insert into setup_tokens (sha256, created_at) values ($1, $2)");
        command.Parameters.Add(new() { Value = KeyRing.HashOf(token) });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancellationToken);
        var link = $"{Address()}/setup?token={token}";
        await data.WriteSecretAsync(FilePath, link + "\n", cancellationToken);
        LogLink(link, FilePath);
    }

    /// <summary>Forgets the file; the tokens went with the transaction that created the user.</summary>
    public void Close()
    {
        done = true;
        File.Delete(FilePath);
    }

    string Address()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost";
        var uri = new UriBuilder(address.Replace("//+", "//localhost", StringComparison.Ordinal).Replace("//*", "//localhost", StringComparison.Ordinal));
        if (uri.Host is "0.0.0.0" or "[::]") uri.Host = "localhost";
        return uri.Uri.GetLeftPart(UriPartial.Authority);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "First start: open {Link} to create the administrator. The link works once and is also in {File}")]
    partial void LogLink(string link, string file);
}
