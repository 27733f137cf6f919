using RetrainLoop.LocalHost.Processes;

namespace RetrainLoop.LocalHost.Stack;

/// <summary>Keeps one process alive and knows how it is.</summary>
/// <param name="line">Gets each line of the process.</param>
/// <param name="say">Tells the person running the stack.</param>
sealed class ProcessRun(
    ProcessPlan plan, IReadOnlySet<int> finishingCodes, Watchdog watchdog, Action<string> line, Action<string> say, Action changed)
{
    static readonly TimeSpan ProbeWhenHealthy = TimeSpan.FromSeconds(2);
    static readonly TimeSpan ProbeWhenNot = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(5);

    ChildProcess? child;
    bool wasHealthy;

    public ResourceState State { get; private set; } = ResourceState.Waiting;
    public string? Reason { get; private set; }
    public int? Pid => child is { Exited.IsCompleted: false } running ? running.Id : null;
    public int? ExitCode { get; private set; }
    public string? Url => plan.Url;

    /// <summary>Ends when the process has done its work, or is stopped.</summary>
    public async Task RunAsync(CancellationToken stopping, CancellationToken hurry)
    {
        try
        {
            for (var crashes = 0; await LiveOnceAsync(stopping) is var exitCode; )
            {
                if (finishingCodes.Contains(exitCode))
                {
                    ExitCode = exitCode;
                    Become(ResourceState.Finished, null);
                    return;
                }

                crashes = wasHealthy ? 1 : crashes + 1;
                var delay = RestartDelay.After(crashes);
                Become(ResourceState.Restarting, $"ended with exit code {exitCode}");
                say($"ended with exit code {exitCode}; it starts again in {delay.TotalSeconds:0.##} s");
                await Task.Delay(delay, TimeProvider.System, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await StopAsync(hurry);
        }
    }

    async Task<int> LiveOnceAsync(CancellationToken stopping)
    {
        wasHealthy = false;
        Become(ResourceState.Starting, null);
        var launch = await plan.Launch(stopping);
        child = ChildProcess.Start(launch, watchdog, line);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var watching = WatchHealthAsync(over.Token);
        try
        {
            return await child.Exited.WaitAsync(stopping);
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    async Task WatchHealthAsync(CancellationToken over)
    {
        var failures = 0;
        try
        {
            while (true)
            {
                var reason = await ProbeAsync(plan.Probe, over);
                failures = reason is null ? 0 : failures + 1;
                if (reason is null)
                {
                    wasHealthy = true;
                    Become(ResourceState.Running, null);
                }
                else if (!wasHealthy || failures > 1)
                {
                    Become(wasHealthy ? ResourceState.Unhealthy : ResourceState.Starting, reason);
                }

                await Task.Delay(State == ResourceState.Running ? ProbeWhenHealthy : ProbeWhenNot, TimeProvider.System, over);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The process ended or is being stopped.
        }
    }

    /// <summary>A probe that takes longer than 5 s has failed.</summary>
    public static async Task<string?> ProbeAsync(Probe probe, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ProbeLimit);
        try
        {
            return await probe(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"does not answer within {ProbeLimit.TotalSeconds:0} s";
        }
    }

    async Task StopAsync(CancellationToken hurry)
    {
        Become(ResourceState.Stopping, null);
        if (child is not null)
        {
            await child.StopAsync(hurry);
        }

        Become(ResourceState.Stopped, null);
    }

    void Become(ResourceState state, string? reason)
    {
        if (State != state || Reason != reason)
        {
            (State, Reason) = (state, reason);
            changed();
        }
    }
}
