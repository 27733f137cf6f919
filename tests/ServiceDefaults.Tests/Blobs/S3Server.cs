using System.Diagnostics;
using System.Net.Sockets;

namespace RetrainLoop.Tests.ServiceDefaults.Blobs;

/// <summary>
/// A real S3-compatible server (s3rver, from npm) with an empty bucket. It is installed beside the test's output at the first run; without npm, or
/// without a way to its registry, the tests that need it are skipped.
/// </summary>
public sealed class S3Server : IAsyncLifetime
{
    const string Package = "s3rver@3.7.1";
    readonly string data = Directory.CreateTempSubdirectory("retrainloop-s3-").FullName;
    readonly int port = ServerProcess.FreePort();
    Process? server;

    public const string Bucket = "blobs";

    // The only key that it knows.
    public const string AccessKey = "S3RVER", SecretKey = "S3RVER";

    public string Endpoint => $"http://127.0.0.1:{port}";

    /// <summary>Why it does not run; null when it does.</summary>
    public string? Missing { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "s3rver");
        var script = Path.Combine(folder, "node_modules", "s3rver", "bin", "s3rver.js");
        try
        {
            if (!File.Exists(script)) ServerProcess.Run(
                ServerProcess.Find("npm"), false, "install", "--prefix", folder, "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", Package);
            server = ServerProcess.Start(ServerProcess.Find("node"), false, script, "--directory", data, "--address", "127.0.0.1", "--port", $"{port}",
                "--silent", "--configure-bucket", Bucket);
        }
        catch (Exception exception) when (exception is FileNotFoundException or InvalidOperationException)
        {
            Missing = $"No S3-compatible server can be had here: {exception.Message.Split('\n')[0]}";
            return;
        }
        _ = server.StandardOutput.ReadToEndAsync();
        _ = server.StandardError.ReadToEndAsync();
        await Eventually.TrueAsync(CanConnectAsync, "the S3 server accepts connections");
    }

    public ValueTask DisposeAsync()
    {
        if (server is { HasExited: false })
        {
            server.Kill();
            server.WaitForExit();
        }
        server?.Dispose();
        Directory.Delete(data, recursive: true);
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
