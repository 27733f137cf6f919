using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using RetrainLoop.LocalHost.Stack;

namespace RetrainLoop.Tests.LocalHost.Stack;

/// <summary>Hosts as people meet them, without PostgreSQL and Redis.</summary>
public sealed class StackRunTests
{
    [Fact]
    public async Task WaitFor_DependencyNotHealthy_HoldsBackUntilItIs()
    {
        await using var stack = SampleStack.Start("Sample__StartsHealthy=false");
        await stack.UntilAsync("first", first => first is { State: ResourceState.Starting, Reason: "/health answers 503" });
        Assert.Equal(ResourceState.Waiting, stack.Resource("second").State);
        Assert.Equal(StackState.Starting, stack.Status!.State);

        await stack.First.PostAsync("/health/true", null);
        await stack.UntilAsync("second", second => second is { State: ResourceState.Starting, Reason: "/health answers 503" });
        await stack.Second.PostAsync("/health/true", null);
        await stack.UntilAsync(StackState.Running);
    }

    [Fact]
    public async Task StackFile_Running_IsAsScriptsReadIt()
    {
        await using var stack = SampleStack.Start();
        await stack.UntilAsync(StackState.Running);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(stack.Folder, "stack.json")));
        Assert.Equal("running", json.RootElement.GetProperty("state").GetString());
        Assert.Equal("keys/admin-api-key", json.RootElement.GetProperty("adminKeyFile").GetString());
        var first = json.RootElement.GetProperty("resources").EnumerateArray().Single(resource => resource.GetProperty("name").GetString() == "first");
        Assert.Equal($"http://127.0.0.1:{stack.BasePort + 1}", first.GetProperty("url").GetString());
        Assert.Equal("running", first.GetProperty("state").GetString());
        Assert.Equal(await stack.First.GetFromJsonAsync<int>("/process"), first.GetProperty("pid").GetInt32());
    }

    [Fact]
    public async Task Environment_Service_HoldsParametersAddressesAndWhatTheHostInherits()
    {
        await using var stack = SampleStack.Start("Parameters__greeting=good evening", "Monitor__Window=7");
        await stack.UntilAsync(StackState.Running);
        Task<string> Variable(string name) => stack.First.GetStringAsync($"/environment/{name}");

        var keyFile = Path.Combine(stack.Folder, "keys", "admin-api-key");
        Assert.Equal(File.ReadAllText(keyFile), await Variable("Sample__Key"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keyFile));
        Assert.Equal("good evening", await Variable("Sample__Greeting"));
        Assert.Equal($"http://127.0.0.1:{stack.BasePort + 2}", await Variable("services__second__http__0"));
        Assert.Equal("7", await Variable("Monitor__Window"));
        Assert.Equal(stack.Folder, await Variable("RETRAINLOOP_DATA"));
        Assert.Equal("first", await Variable("OTEL_SERVICE_NAME"));
        Assert.Equal("Warning", await Variable("Logging__LogLevel__Microsoft.AspNetCore"));
    }

    [Fact]
    public async Task Kill_Service_IsDegradedThenRunsAgain()
    {
        await using var stack = SampleStack.Start();
        var before = (await stack.UntilAsync(StackState.Running)).Resources.Single(resource => resource.Name == "first").Pid!.Value;
        var child = await (await stack.First.PostAsync("/children", null)).Content.ReadFromJsonAsync<int>();

        SampleStack.Kill(before);
        await stack.UntilAsync(StackState.Degraded);
        await stack.UntilAsync(StackState.Running, "again");
        Assert.NotEqual(before, stack.Resource("first").Pid);
        Assert.DoesNotContain(child, stack.Processes());
    }

    [Fact]
    public async Task Kill_WatchdogThenHost_LeavesNothing()
    {
        await using var stack = SampleStack.Start();
        await stack.UntilAsync(StackState.Running);
        var file = Path.Combine(stack.Folder, "watchdog.pid");
        var watchdog = File.ReadAllText(file);
        SampleStack.Kill(int.Parse(watchdog));
        await Eventually.TrueAsync(() => Task.FromResult(File.ReadAllText(file) is { Length: > 0 } now && now != watchdog), "another watchdog took over");

        SampleStack.Kill(stack.HostId);
        await Eventually.TrueAsync(() => Task.FromResult(stack.Processes().Count == 0), "nothing of a killed host is left");
    }

    [Fact]
    public async Task Unhealthy_AliveService_IsDegradedUntilItRecovers()
    {
        await using var stack = SampleStack.Start();
        await stack.UntilAsync(StackState.Running);
        await stack.Second.PostAsync("/health/false", null);
        await stack.UntilAsync(StackState.Degraded);
        Assert.Equal(ResourceState.Unhealthy, stack.Resource("second").State);
        await stack.Second.PostAsync("/health/true", null);
        await stack.UntilAsync(StackState.Running);
    }

    [Fact]
    public async Task WithReplicas_OneKilled_TheOtherAnswersEveryRequest()
    {
        await using var stack = SampleStack.Start("Sample__Replicas=2");
        await stack.UntilAsync(StackState.Running);
        var replicas = stack.Resource("second").Replicas!;
        var second = stack.Second;
        var answered = new HashSet<int>();
        for (var i = 0; i < 60; i++)
        {
            answered.Add(await second.GetFromJsonAsync<int>("/process"));
        }

        Assert.Equal(replicas.Select(replica => replica.Pid!.Value).ToHashSet(), answered);

        SampleStack.Kill(replicas[0].Pid!.Value);
        await stack.UntilAsync(StackState.Degraded);
        Assert.Equal(replicas[1].Pid, await second.GetFromJsonAsync<int>("/process"));
        await stack.UntilAsync(StackState.Running);
        Assert.NotEqual(replicas[0].Pid, stack.Resource("second").Replicas![0].Pid);
    }

    [Fact]
    public async Task WithReplicas_NoneHealthy_RequestsStillReachThem()
    {
        await using var stack = SampleStack.Start("Sample__Replicas=2", "Sample__StartsHealthy=false");
        await stack.UntilAsync("first", first => first.Reason == "/health answers 503");
        await stack.First.PostAsync("/health/true", null);
        await stack.UntilAsync("second", second => second.Replicas!.All(replica => replica.Pid is not null) && second.Reason == "/health answers 503");
        // What makes a service healthy may come by its own port, as the keys that Web publishes do.
        await Eventually.TrueAsync(async () => (await stack.Second.PostAsync("/health/true", null)).IsSuccessStatusCode, "the front passes requests on");
        await stack.UntilAsync("second", second => second.Replicas!.Any(replica => replica.State == ResourceState.Running));
    }

    [Fact]
    public async Task Start_Twice_RefusesTheSecond()
    {
        await using var stack = SampleStack.Start();
        await stack.UntilAsync(StackState.Running);
        await using var again = stack.Beside();
        Assert.Equal(1, await again.ExitAsync());
        Assert.Contains("already runs on", again.Output, StringComparison.Ordinal);
        Assert.Equal(StackState.Running, stack.Status!.State);
    }

    [Fact]
    public async Task Start_PortTaken_NamesPortAndWayOut()
    {
        using var other = new TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var taken = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        await using var stack = SampleStack.Start($"--RetrainLoop:BasePort={taken - 1}");
        Assert.Equal(1, await stack.ExitAsync());
        Assert.Contains($"Port {taken} (for first) is taken", stack.Output, StringComparison.Ordinal);
        Assert.Contains("--base-port", stack.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bind_ExternalEndpointsOnly_ListenEverywhere()
    {
        await using var stack = SampleStack.Start("--bind=0.0.0.0");
        await stack.UntilAsync(StackState.Running);
        Assert.Equal($"http://0.0.0.0:{stack.BasePort + 1}", await stack.First.GetStringAsync("/environment/ASPNETCORE_URLS"));
        Assert.Equal($"http://127.0.0.1:{stack.BasePort + 2}", await stack.Second.GetStringAsync("/environment/ASPNETCORE_URLS"));
    }

    [Fact]
    public async Task TypedCommand_Known_RunsAndTellsItsResult()
    {
        await using var stack = SampleStack.Start();
        await stack.UntilAsync(StackState.Running);
        stack.Type("first greet");
        await Eventually.TrueAsync(
            () => Task.FromResult(stack.Output.Contains("first greet: failed: nobody is there", StringComparison.Ordinal)), "the command told its result");
    }
}
