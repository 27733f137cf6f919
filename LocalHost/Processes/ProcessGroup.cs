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

    /// <summary>Bash hands on variables whose names are no shell names, such as those of a service with a hyphen; other shells drop them.</summary>
    static readonly string Shell = Programs.Find("bash") ?? "/bin/sh";

    /// <summary>A command that is held back until its input gives a line. An input that ends without one ends it.</summary>
    public static IEnumerable<string> HeldBack(IEnumerable<string> command) =>
        [Shell, "-c", "read -r go && exec \"$@\" </dev/null", "held-back", .. command];

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
