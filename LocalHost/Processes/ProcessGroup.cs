using System.Diagnostics;

namespace RetrainLoop.LocalHost.Processes;

/// <summary>
/// Starts programs as leaders of a process group of their own: Ctrl+C in the terminal reaches only the host, and ending the group ends
/// whatever the program started.
/// </summary>
static class ProcessGroup
{
    /// <summary>Without util-linux's setsid (macOS), perl does the same.</summary>
    static readonly string[] Leader = Programs.Find("setsid") is { } setsid
        ? [setsid]
        : ["perl", "-MPOSIX", "-e", "POSIX::setsid(); exec @ARGV or die", "--"];

    public static ProcessStartInfo StartInfo(IEnumerable<string> command, string workingDirectory)
    {
        string[] all = [.. Leader, .. command];
        return new ProcessStartInfo(all[0], all[1..])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }
}
