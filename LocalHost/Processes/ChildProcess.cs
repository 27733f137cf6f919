using System.Diagnostics;

namespace RetrainLoop.LocalHost.Processes;

/// <summary>A running process, the leader of a group of its own and known to the watchdog before its program begins.</summary>
sealed class ChildProcess
{
    readonly Launch launch;
    readonly TaskCompletionSource<int> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    ChildProcess(Launch launch, int id)
    {
        this.launch = launch;
        Id = id;
    }

    public int Id { get; }

    /// <summary>Ends with the exit code when the process is gone and all it had started is killed.</summary>
    public Task<int> Exited => exited.Task;

    /// <summary>Starts it; <paramref name="line"/> gets each line of its output and errors.</summary>
    public static ChildProcess Start(Launch launch, Watchdog watchdog, Action<string> line)
    {
        // Held back until the watchdog knows the id, which stays the same over exec.
        var info = ProcessGroup.StartInfo(ProcessGroup.HeldBack([launch.Command, .. launch.Arguments]), launch.WorkingDirectory);
        foreach (var (name, value) in launch.Environment)
        {
            info.Environment[name] = value;
        }

        var process = new Process { StartInfo = info, EnableRaisingEvents = true };
        process.Start();
        var child = new ChildProcess(launch, process.Id);
        process.Exited += (_, _) =>
        {
            Signals.KillGroup(child.Id);
            watchdog.Forget(child.Id);
            child.exited.TrySetResult(process.ExitCode);
        };
        watchdog.Watch(child.Id, launch);
        _ = DisposeAfterAsync(process, PumpAsync(process.StandardOutput, line), PumpAsync(process.StandardError, line), child.Exited);
        Release(process);
        return child;
    }

    public async Task StopAsync(CancellationToken hurry)
    {
        if (Exited.IsCompleted)
        {
            return;
        }

        Signals.Send(Id, launch.StopSignal);
        try
        {
            await Exited.WaitAsync(launch.Grace, TimeProvider.System, hurry);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            Signals.KillGroup(Id);
            await Exited;
        }
    }

    static void Release(Process process)
    {
        try
        {
            process.StandardInput.WriteLine("go");
            process.StandardInput.Close();
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            // It has ended already; Exited tells.
        }
    }

    static async Task DisposeAfterAsync(Process process, params Task[] uses)
    {
        await Task.WhenAll(uses);
        process.Dispose();
    }

    static async Task PumpAsync(StreamReader reader, Action<string> line)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } text)
            {
                line(text);
            }
        }
        catch (IOException)
        {
            // The process is gone.
        }
    }
}
