namespace RetrainLoop.Tests.Loop.Exercise;

/// <summary>What rules call a minute is ten seconds here, and notifications do not wait. All are ordinary options.</summary>
static class ExerciseSettings
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["Line__Simulator__FramesPerSecond"] = "10",
        // One worker, so that the burst is too much for it on any machine.
        ["Line__Execution__Workers"] = "1",
        ["Line__Monitor__Alerts__Step"] = "00:00:10",
        ["Line__Monitor__Alerts__Interval"] = "00:00:02",
        ["Line__Monitor__Notifications__Interval"] = "00:00:01",
        ["Line__Monitor__Notifications__GroupWait"] = "00:00:01",
        ["Line__Monitor__Notifications__GroupInterval"] = "00:00:02",
        ["Line__Monitor__Notifications__AllowPrivateAddresses"] = "true",
        // This exercise is about alerts; a pass of the loop has a test of its own.
        ["Line__Loop__DefaultPolicy__DiagnoseCron"] = "0 0 1 1 *",
    };
}
