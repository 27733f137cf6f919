using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.LocalHost.Processes;

/// <summary>
/// A small process that stops what this one started when this one is gone, kill -9 included: it holds the other end of a pipe.
/// Should it be ended itself, another one takes over.
/// </summary>
sealed class Watchdog : IDisposable
{
    readonly ConcurrentDictionary<int, string> watched = [];
    readonly Lock gate = new();
    readonly string dataFolder;
    Process process;
    bool closed;

    public Watchdog(string dataFolder)
    {
        this.dataFolder = dataFolder;
        process = Start();
    }

    public void Watch(int processId, Launch launch)
    {
        var signal = launch.StopSignal == StopSignal.Interrupt ? "INT" : "TERM";
        var line = string.Create(CultureInfo.InvariantCulture, $"+ {processId} {signal} {(int)launch.Grace.TotalSeconds}");
        watched[processId] = line;
        Tell(line);
    }

    public void Forget(int processId)
    {
        watched.TryRemove(processId, out _);
        Tell(string.Create(CultureInfo.InvariantCulture, $"- {processId}"));
    }

    /// <summary>The host is about to end by itself; nothing is left to watch.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            process.StandardInput.Close();
        }

        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>After a host was ended hard its watchdog may still be stopping what it had started; this waits for that.</summary>
    public static async Task WaitForFormerAsync(string dataFolder, Action<string> tell, CancellationToken cancellation)
    {
        var file = PidFile(dataFolder);
        for (var told = false; File.Exists(file) && IsWatchdog(File.ReadAllText(file)); told = true)
        {
            if (!told)
            {
                tell("The last run was ended hard; waiting until everything that it started has stopped.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellation);
        }
    }

    static string PidFile(string dataFolder) => Path.Combine(dataFolder, "watchdog.pid");

    /// <summary>Process ids are used again, so the command line must be ours.</summary>
    static bool IsWatchdog(string processId)
    {
        if (Directory.Exists("/proc/self"))
        {
            var file = $"/proc/{processId.Trim()}/cmdline";
            return File.Exists(file) && File.ReadAllText(file).Contains("watchdog.sh", StringComparison.Ordinal);
        }

        using var list = Process.Start(new ProcessStartInfo("ps", ["-o", "args=", "-p", processId.Trim()]) { RedirectStandardOutput = true })!;
        return list.StandardOutput.ReadToEnd().Contains("watchdog.sh", StringComparison.Ordinal);
    }

    Process Start()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "watchdog.sh");
        var start = ProcessGroup.StartInfo(["/bin/sh", script, dataFolder], "/");
        var started = new Process { StartInfo = start, EnableRaisingEvents = true };
        started.Exited += (_, _) => Replace();
        started.Start();
        started.StandardInput.AutoFlush = true;
        foreach (var line in watched.Values)
        {
            started.StandardInput.WriteLine(line);
        }

        File.WriteAllText(PidFile(dataFolder), started.Id.ToString(CultureInfo.InvariantCulture));
        return started;
    }

    void Replace()
    {
        lock (gate)
        {
            if (closed)
            {
                return;
            }

            process.Dispose();
            process = Start();
        }
    }

    void Tell(string line)
    {
        lock (gate)
        {
            try
            {
                process.StandardInput.WriteLine(line);
            }
            catch (IOException)
            {
                // It has just ended; its successor gets the whole list.
            }
        }
    }
}
