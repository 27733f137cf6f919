using System.Diagnostics;

namespace RetrainLoop.LocalHost.Processes;

/// <summary>What a short program said. Output holds errors as well.</summary>
public sealed record ToolResult(int ExitCode, string Output);

public static class Tool
{
    /// <summary>Runs a program to its end; cancelling kills it.</summary>
    public static async Task<ToolResult> RunAsync(IReadOnlyList<string> command, CancellationToken cancellation)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return new(process.ExitCode, (await output + await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
