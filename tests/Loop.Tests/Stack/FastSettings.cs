namespace RetrainLoop.Tests.Loop.Stack;

/// <summary>Short windows, bake times and intervals, so that a pass takes minutes. All are ordinary options of AppHost's section <c>Line</c>.</summary>
public static class FastSettings
{
    public const double Light = 0.6, Variant = 0.7;

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["Line__Simulator__FramesPerSecond"] = "10",
        ["Line__Monitor__Baseline__Window"] = "00:01:00",
        ["Line__Monitor__Drift__Window"] = "00:01:00",
        ["Line__Loop__PulseSeconds"] = "2",
        ["Line__Loop__ScheduleSeconds"] = "2",
        ["Line__Loop__DefaultPolicy__DiagnoseCron"] = "*/10 * * * * *",
        ["Line__Loop__DefaultPolicy__RolloutSteps__0__BakeSeconds"] = "10",
        ["Line__Loop__DefaultPolicy__RolloutSteps__1__BakeSeconds"] = "10",
        ["Line__Loop__DefaultPolicy__RolloutSteps__2__BakeSeconds"] = "10",
        ["Line__Loop__DefaultPolicy__RolloutSteps__3__BakeSeconds"] = "10",
        ["Line__Loop__DefaultPolicy__RolloutSteps__4__BakeSeconds"] = "10",
    };
}
