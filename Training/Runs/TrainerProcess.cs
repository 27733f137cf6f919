using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using RetrainLoop.Contracts;
using RetrainLoop.Training.Learning;

namespace RetrainLoop.Training.Runs;

/// <summary>How a training process ended.</summary>
/// <param name="Killed">A signal ended it, so that another try may work.</param>
/// <param name="LastWords">The end of its standard error.</param>
public sealed record TrainerExit(TrainingResult? Result, int ExitCode, bool Killed, string LastWords);

/// <summary>
/// Runs this program's <c>train</c> verb in a process of its own: libtorch's threads and memory stay out of the service, and the process
/// steps back before everything else on the machine.
/// </summary>
public static class TrainerProcess
{
    const int RememberedLines = 12;

    /// <param name="progress">Called for each line, one after the other.</param>
    /// <param name="cancellation">Kills the process.</param>
    public static async Task<TrainerExit> RunAsync(
        RunFolder folder, TrainingOptions options, Func<ProgressLine, Task> progress, CancellationToken cancellation)
    {
        using var process = Process.Start(Describe(folder, options))!;
        await using var kill = cancellation.Register(() => Kill(process));
        var lastWords = new Queue<string>();
        var errors = ReadLinesAsync(process.StandardError, line =>
        {
            lastWords.Enqueue(line);
            if (lastWords.Count > RememberedLines) lastWords.Dequeue();
            return Task.CompletedTask;
        });
        TrainingResult? result = null;
        try
        {
            await ReadLinesAsync(process.StandardOutput, async line =>
            {
                if (Parse(line) is not { } told) return;
                result = told.Result ?? result;
                await progress(told);
            });
            await errors;
            await process.WaitForExitAsync(CancellationToken.None);
        }
        catch
        {
            Kill(process);
            throw;
        }
        cancellation.ThrowIfCancellationRequested();
        return new TrainerExit(result, process.ExitCode, process.ExitCode >= 128, string.Join('\n', lastWords));
    }

    static ProcessStartInfo Describe(RunFolder folder, TrainingOptions options)
    {
        string[] command = [.. SteppingBack(options.Niceness), .. ThisProgram(), TrainCommand.Verb, TrainCommand.WorkOption, folder.Path];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // libtorch reads these when it is loaded. Threads that spin while they wait make everything beside them many times slower.
        start.Environment["OMP_NUM_THREADS"] = start.Environment["MKL_NUM_THREADS"] = $"{options.Threads}";
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        return start;
    }

    static string[] SteppingBack(int niceness) => niceness > 0 && File.Exists("/usr/bin/nice") ? ["/usr/bin/nice", "-n", $"{niceness}"] : [];

    /// <summary>The runtime that runs this process, and this assembly; a self-contained program starts itself.</summary>
    static string[] ThisProgram()
    {
        var host = Path.GetFullPath(Path.Combine(
            RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(host) ? [host, typeof(TrainerProcess).Assembly.Location] : [Environment.ProcessPath!];
    }

    static ProgressLine? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<ProgressLine>(line, ContractJson.Options);
        }
        catch (JsonException)
        {
            return null; // a native library printed something
        }
    }

    static async Task ReadLinesAsync(StreamReader reader, Func<string, Task> take)
    {
        while (await reader.ReadLineAsync() is { } line) await take(line);
    }

    static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // it has ended already
        }
    }
}
