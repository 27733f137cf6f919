using System.Net.Sockets;
using System.Text;

namespace RetrainLoop.Tests.Inference.Hostile;

/// <summary>Sends bytes that no HTTP client would send, and reads how they were answered.</summary>
static class RawHttp
{
    /// <returns>The status, or 0 when the connection was closed without an answer, as is right for a request that never ended.</returns>
    public static async Task<int> SendAsync(Uri server, byte[] request)
    {
        using var client = new TcpClient { NoDelay = true };
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System); // a hang fails the test
        await client.ConnectAsync(server.Host, server.Port, limit.Token);
        var stream = client.GetStream();
        var answer = new byte[4096];
        try
        {
            await stream.WriteAsync(request, limit.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            var read = await stream.ReadAtLeastAsync(answer, 12, throwOnEndOfStream: false, limit.Token);
            return read >= 12 && int.TryParse(Encoding.ASCII.GetString(answer, 9, 3), out var status) ? status : 0;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            return 0;
        }
    }

    public static byte[] Request(string method, string path, IEnumerable<(string Name, byte[] Value)> headers, byte[] body)
    {
        var bytes = new List<byte>(Encoding.Latin1.GetBytes($"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"));
        foreach (var (name, value) in headers) bytes.AddRange([.. Encoding.Latin1.GetBytes(name + ": "), .. value, .. "\r\n"u8]);
        return [.. bytes, .. "\r\n"u8, .. body];
    }
}
