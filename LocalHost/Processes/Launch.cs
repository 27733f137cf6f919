namespace RetrainLoop.LocalHost.Processes;

/// <summary>How one process starts and how it is asked to stop.</summary>
/// <param name="Environment">Added to what this process has itself.</param>
/// <param name="Grace">Time to stop after <paramref name="StopSignal"/>; then its whole process group is killed.</param>
public sealed record Launch(
    string Command,
    IReadOnlyList<string> Arguments,
    string WorkingDirectory,
    IReadOnlyDictionary<string, string> Environment,
    StopSignal StopSignal,
    TimeSpan Grace);

/// <summary>Signal numbers, the same on Linux and macOS.</summary>
public enum StopSignal
{
    Interrupt = 2,
    Terminate = 15,
}
