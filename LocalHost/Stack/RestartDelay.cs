namespace RetrainLoop.LocalHost.Stack;

/// <summary>How long a crashed process waits before it starts again.</summary>
public static class RestartDelay
{
    static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Doubles with every crash in a row from 0.25 s up to 30 s; a process that was healthy in between begins again at 0.25 s.</summary>
    /// <param name="crashesInARow">1 for the first.</param>
    public static TimeSpan After(int crashesInARow) =>
        TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Clamp(crashesInARow - 1, 0, 20)));
}
