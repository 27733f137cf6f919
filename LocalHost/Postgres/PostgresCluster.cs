using System.Globalization;
using RetrainLoop.LocalHost.Processes;
using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.LocalHost.Postgres;

/// <summary>A PostgreSQL server's folder: made once by initdb, then served on loopback.</summary>
/// <param name="Folder">Holds the data in <c>cluster</c>; everything in it belongs to <paramref name="User"/>.</param>
public sealed record PostgresCluster(string Folder, PostgresBinaries Binaries, UnprivilegedUser User)
{
    string Data => Path.Combine(Folder, "cluster");

    /// <summary>Finds binaries that fit the folder and the user to run as.</summary>
    public static async Task<PostgresCluster> OpenAsync(string folder, string? onlyBinariesIn, CancellationToken cancellation)
    {
        var made = Path.Combine(folder, "cluster", "PG_VERSION");
        int? major = File.Exists(made) ? int.Parse(await File.ReadAllTextAsync(made, cancellation), CultureInfo.InvariantCulture) : null;
        var binaries = await PostgresBinaries.FindAsync(onlyBinariesIn, major, cancellation);
        Directory.CreateDirectory(folder);
        return new(folder, binaries, await UnprivilegedUser.ForAsync(folder, cancellation));
    }

    /// <summary>Makes the server's files when there are none. Cut off half-way it begins again.</summary>
    public async Task InitializeAsync(string userName, string password, CancellationToken cancellation)
    {
        if (Directory.Exists(Data))
        {
            await User.OwnAsync(Folder, cancellation);
            return;
        }

        var half = Path.Combine(Folder, "cluster.new");
        var passwordFile = Path.Combine(Folder, "password");
        if (Directory.Exists(half))
        {
            Directory.Delete(half, recursive: true);
        }

        KeptSecret.Write(passwordFile, password);
        await User.OwnAsync(Folder, cancellation);
        try
        {
            var made = await Tool.RunAsync(
                [
                    .. User.Prefix, Binaries.InitDb, "-D", half, "-U", userName, $"--pwfile={passwordFile}",
                    "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale",
                ],
                cancellation);
            if (made.ExitCode != 0)
            {
                throw new LocalRunException($"PostgreSQL could not make its files in {half}: {made.Output}");
            }

            Directory.Move(half, Data);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    /// <summary>The server itself says here that it accepts connections; asking it earlier would fill its log with refusals.</summary>
    public bool IsReady()
    {
        try
        {
            return File.ReadLines(Path.Combine(Data, "postmaster.pid")).ElementAtOrDefault(7)?.Trim() == "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Serves on loopback with settings for a small machine; an interrupt is PostgreSQL's fast shutdown.</summary>
    public Launch Serve(int port)
    {
        string[] settings =
        [
            "listen_addresses=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"port={port}"),
            "unix_socket_directories=",
            "max_connections=300",
            "shared_buffers=128MB",
            "effective_cache_size=512MB",
            "maintenance_work_mem=64MB",
            "wal_compression=on",
            "max_wal_size=1GB",
            "random_page_cost=1.1",
            "timezone=UTC",
            "log_timezone=UTC",
            // After a crash one call per file system instead of one per file: seconds less until it is back.
            .. OperatingSystem.IsLinux() && Binaries.Major >= 14 ? ["recovery_init_sync_method=syncfs"] : Array.Empty<string>(),
        ];
        string[] command = [.. User.Prefix, Binaries.Postgres, "-D", Data, .. settings.SelectMany(setting => new[] { "-c", setting })];
        return new(command[0], command[1..], "/", new Dictionary<string, string>(), StopSignal.Interrupt, TimeSpan.FromSeconds(30));
    }
}
