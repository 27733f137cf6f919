using System.Net;
using RetrainLoop.Tests.Loop.Stack;

namespace RetrainLoop.Tests.Loop;

/// <summary>Processes die; the stack lives.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Kill_AnyServiceThenAppHost_EverythingComesBackAndNothingIsLost()
    {
        var basePort = FreePorts.FindBase();
        var first = await RunningStack.StartAsync(basePort, QuietStack.Settings, null, "--no-demo");
        first.KeepData = true;
        foreach (var service in new[] { "inference", "monitor", "labeling", "training", "web", "redis", "postgres" }) await KillAndWaitAsync(first, service);

        var key = await File.ReadAllTextAsync(Path.Combine(first.Data, first.File.AdminKeyFile), TestContext.Current.CancellationToken);
        var processes = first.File.Resources.SelectMany(resource => (int?[])[resource.Pid, .. resource.Replicas?.Select(replica => replica.Pid) ?? []]).OfType<int>().Distinct().ToList();
        await first.KillAsync();
        await Eventually.TrueAsync(() => Task.FromResult(!processes.Any(RunningStack.IsAlive)), "no process outlives a killed AppHost");

        await using var second = await RunningStack.StartAsync(basePort, QuietStack.Settings, first.Data, "--no-demo");
        Assert.Equal(key, await File.ReadAllTextAsync(Path.Combine(second.Data, second.File.AdminKeyFile), TestContext.Current.CancellationToken));
        using var client = second.Client("monitor");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/alert-rules")).StatusCode);
    }

    async Task KillAndWaitAsync(RunningStack stack, string service)
    {
        var before = stack.File[service];
        var victims = before.Replicas?.Select(replica => replica.Pid!.Value).ToList() ?? [before.Pid!.Value];
        var started = TimeProvider.System.GetTimestamp();
        foreach (var pid in victims) RunningStack.KillProcess(pid);
        await Eventually.TrueAsync(() => Task.FromResult(stack.TryReadFile() is { State: "running" } now && !victims.Contains(now[service].Pid!.Value)), $"{service} is back");
        output.WriteLine($"{service} killed: stack running again after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F1} s");
    }
}
