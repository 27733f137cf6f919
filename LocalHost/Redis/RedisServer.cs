using System.Globalization;
using System.Text;
using RetrainLoop.LocalHost.Processes;
using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.LocalHost.Redis;

/// <summary>A Redis server's folder, served on loopback.</summary>
/// <param name="IsKept">Writes its content to the folder, so that the next start has it.</param>
public sealed record RedisServer(string Program, string Folder, bool IsKept)
{
    /// <summary>redis-server, or valkey-server which is the same; <paramref name="onlyIn"/> replaces the search.</summary>
    public static string FindProgram(string? onlyIn) =>
        (onlyIn is null
            ? Programs.Find("redis-server", "valkey-server")
            : new[] { "redis-server", "valkey-server" }.Select(name => Path.Combine(onlyIn, name)).FirstOrDefault(File.Exists))
        ?? throw new LocalRunException(
            "Redis is not installed. Install it (Debian and Ubuntu: apt install redis-server; macOS: brew install redis), "
            + "or set ConnectionStrings__redis to a server that you have.");

    /// <summary>Writes the settings and says how to start. The password stands in a file, as a command line is visible to every user.</summary>
    public Launch Serve(int port, string password)
    {
        Directory.CreateDirectory(Folder);
        var settings = Path.Combine(Folder, "redis.conf");
        KeptSecret.Write(settings, string.Create(CultureInfo.InvariantCulture, $"""
            bind 127.0.0.1
            port {port}
            requirepass {Quoted(password)}
            dir {Quoted(Folder)}
            save {(IsKept ? "300 1" : "\"\"")}
            appendonly no
            daemonize no
            loglevel notice
            always-show-logo no

            """));
        return new(Program, [settings], Folder, new Dictionary<string, string>(), StopSignal.Terminate, TimeSpan.FromSeconds(10));
    }

    static string Quoted(string text) =>
        new StringBuilder(text).Replace("\\", "\\\\").Replace("\"", "\\\"").Insert(0, '"').Append('"').ToString();
}
