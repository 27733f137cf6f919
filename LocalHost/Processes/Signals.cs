using System.Runtime.InteropServices;

namespace RetrainLoop.LocalHost.Processes;

static partial class Signals
{
    const int SigKill = 9;

    public static void Send(int processId, StopSignal signal) => _ = Kill(processId, (int)signal);

    /// <summary>Ends a process and all it started; a group that is gone already is fine.</summary>
    public static void KillGroup(int groupId) => _ = Kill(-groupId, SigKill);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
