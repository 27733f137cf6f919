using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace RetrainLoop.Tests.Testing;

/// <summary>Starts servers for a test run and ends them with it.</summary>
public static class ServerProcess
{
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static string Find(string binary)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")) : []);
        return folders.Select(folder => Path.Combine(folder, binary)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"'{binary}' is not installed. On Debian: apt-get install postgresql redis-server. ./test.sh does it.");
    }

    /// <summary>Runs a command to its end, as an unprivileged user when this process is root and <paramref name="unprivileged"/> asks for it.</summary>
    public static void Run(string binary, bool unprivileged, params string[] arguments)
    {
        using var process = Start(binary, unprivileged, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{binary} failed: {error}{output.Result}");
    }

    public static Process Start(string binary, bool unprivileged, params string[] arguments)
    {
        var drop = unprivileged && Environment.UserName == "root";
        var start = new ProcessStartInfo(drop ? "setpriv" : binary) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        string[] prefix = drop ? ["--reuid=nobody", "--regid=nogroup", "--clear-groups", binary] : [];
        foreach (var argument in prefix.Concat(arguments)) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
