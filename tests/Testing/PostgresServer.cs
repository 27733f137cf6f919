using System.Diagnostics;
using Npgsql;

namespace RetrainLoop.Tests.Testing;

/// <summary>
/// One real PostgreSQL for a test assembly (<c>[assembly: AssemblyFixture(typeof(PostgresServer))]</c>); take a fresh database per class from it.
/// Durability is switched off, which no test here depends on; a benchmark of writing sets <see cref="Durable"/>.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    readonly string folder = Path.Combine(Path.GetTempPath(), $"retrainloop-pg-{Guid.NewGuid():N}");
    readonly int port = ServerProcess.FreePort();
    Process? server;

    /// <summary>Commits wait for the disk, as in a real installation.</summary>
    public bool Durable { get; init; }

    string OnOff => Durable ? "on" : "off";

    string Connection(string database) => $"Host=127.0.0.1;Port={port};Username=tester;Database={database};Include Error Detail=true;Maximum Pool Size=40";

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111); // the unprivileged user makes its folder here
        var data = Path.Combine(folder, "data");
        ServerProcess.Run(ServerProcess.Find("initdb"), true, "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        await StartAsync();
    }

    /// <summary>Starts it, again on the same data and port after <see cref="Stop"/>.</summary>
    public async Task StartAsync()
    {
        var data = Path.Combine(folder, "data");
        server = ServerProcess.Start(ServerProcess.Find("postgres"), true, "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", $"fsync={OnOff}", "-c", $"synchronous_commit={OnOff}", "-c", "max_connections=300", "-c", "logging_collector=off");
        _ = server.StandardError.ReadToEndAsync();
        _ = server.StandardOutput.ReadToEndAsync();
        await Eventually.TrueAsync(CanConnectAsync, "PostgreSQL accepts connections");
    }

    /// <summary>Creates an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(Connection("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database {name}", connection);
        await command.ExecuteNonQueryAsync();
        return Connection(name);
    }

    /// <summary>Ends it as an administrator would who does not wait for clients.</summary>
    public void Stop()
    {
        if (server is { HasExited: false })
        {
            Process.Start("kill", ["-INT", $"{server.Id}"]).WaitForExit();
            if (!server.WaitForExit(TimeSpan.FromSeconds(10))) server.Kill(entireProcessTree: true);
        }
        server?.Dispose();
        server = null;
    }

    public ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        Stop();
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    async Task<bool> CanConnectAsync()
    {
        if (server!.HasExited) throw new InvalidOperationException("PostgreSQL ended at its start.");
        try
        {
            await using var connection = new NpgsqlConnection(Connection("postgres"));
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
