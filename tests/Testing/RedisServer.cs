using System.Diagnostics;
using System.Net.Sockets;

namespace RetrainLoop.Tests.Testing;

/// <summary>One real Redis without persistence for a test assembly.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    readonly int port = ServerProcess.FreePort();
    Process? server;

    public string ConnectionString => $"127.0.0.1:{port}";

    public async ValueTask InitializeAsync()
    {
        server = ServerProcess.Start(ServerProcess.Find("redis-server"), false, "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no");
        _ = server.StandardOutput.ReadToEndAsync();
        _ = server.StandardError.ReadToEndAsync();
        await Eventually.TrueAsync(CanConnectAsync, "Redis accepts connections");
    }

    public ValueTask DisposeAsync()
    {
        if (server is { HasExited: false }) server.Kill();
        server?.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task<bool> CanConnectAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
