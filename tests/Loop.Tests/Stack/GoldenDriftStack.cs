namespace RetrainLoop.Tests.Loop.Stack;

/// <summary>A stack without the sample line whose baselines lock after a minute: the golden drift sets are shown to it as two windows.</summary>
public sealed class GoldenDriftStack : IAsyncLifetime
{
    static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>
    {
        ["Monitor__Baseline__Window"] = "00:01:00",
        ["Monitor__Baseline__MinimumRequests"] = "86",
        ["Monitor__Baseline__MinimumDetections"] = "100",
        ["Monitor__Drift__Window"] = "00:10:00",
        ["Monitor__Drift__BlockSeconds"] = "10",
    };

    public RunningStack Stack { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (GoldenFolder.HasShared) Stack = await RunningStack.StartAsync(FreePorts.FindBase(), Settings, null, "--no-demo");
    }

    public async ValueTask DisposeAsync()
    {
        if (Stack is not null) await Stack.DisposeAsync();
    }
}
