namespace RetrainLoop.Tests.Loop.Stack;

/// <summary>A stack without the sample line, with two Inference processes behind one port, shared by the tests of a class.</summary>
public sealed class QuietStack : IAsyncLifetime
{
    public static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string> { ["RetrainLoop__InferenceReplicas"] = "2" };

    public RunningStack Stack { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Stack = await RunningStack.StartAsync(FreePorts.FindBase(), Settings, null, "--no-demo");

    public async ValueTask DisposeAsync() => await Stack.DisposeAsync();
}
