using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace RetrainLoop.LocalHost.Redis;

/// <summary>Whether a Redis server answers, asked with its own few bytes instead of a client library.</summary>
static class RedisPing
{
    /// <summary>Null when it answers PONG, otherwise why not.</summary>
    /// <param name="connectionString">As StackExchange.Redis reads it: <c>host:port,password=...,user=...,ssl=true</c>.</param>
    public static async Task<string?> ProbeAsync(string connectionString, CancellationToken cancellation)
    {
        var parts = connectionString.Split(',', StringSplitOptions.TrimEntries);
        var (host, port) = parts[0].LastIndexOf(':') is > 0 and var colon
            ? (parts[0][..colon], int.Parse(parts[0][(colon + 1)..], CultureInfo.InvariantCulture))
            : (parts[0], 6379);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, cancellation);
            if (Option(parts, "ssl") is "true" or "True")
            {
                return null;
            }

            await using var stream = client.GetStream();
            var login = Option(parts, "password") is { } password
                ? Command(Option(parts, "user") is { } user ? ["AUTH", user, password] : ["AUTH", password])
                : "";
            await stream.WriteAsync(Encoding.UTF8.GetBytes(login + Command(["PING"])), cancellation);
            using var reader = new StreamReader(stream);
            for (var line = await reader.ReadLineAsync(cancellation); line is not null; line = await reader.ReadLineAsync(cancellation))
            {
                if (line != "+OK")
                {
                    return line == "+PONG" ? null : line.TrimStart('-');
                }
            }

            return "Redis closed the connection.";
        }
        catch (Exception away) when (away is SocketException or IOException)
        {
            return away.Message;
        }
    }

    static string? Option(string[] parts, string name) =>
        parts.FirstOrDefault(part => part.StartsWith(name + "=", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..];

    static string Command(string[] words) =>
        string.Concat(words.Select(word => string.Create(
            CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n")).Prepend($"*{words.Length}\r\n"));
}
