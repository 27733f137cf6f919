using Aspire.Hosting.ApplicationModel;
using RetrainLoop.LocalHost.Logs;
using RetrainLoop.LocalHost.Processes;
using RetrainLoop.LocalHost.Projects;

namespace RetrainLoop.LocalHost.Stack;

/// <summary>One resource from its wait for others to its stop.</summary>
sealed class ResourceRun
{
    static readonly TimeSpan ProbePause = TimeSpan.FromSeconds(2);

    readonly ResourcePlan plan;
    readonly ConsoleLog log;
    readonly Action changed;
    readonly IReadOnlyList<ProcessRun> processes;
    readonly TaskCompletionSource healthy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<int> finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource stopping = new();
    readonly CancellationToken hurry;
    readonly Lock gate = new();
    ReplicaFront? front;
    ResourceState existing = ResourceState.Waiting;
    string? existingReason;

    public ResourceRun(ResourcePlan plan, Watchdog watchdog, ConsoleLog log, Action changed, CancellationToken hurry)
    {
        this.plan = plan;
        this.log = log;
        this.changed = changed;
        this.hurry = hurry;
        processes =
        [
            .. plan.Processes.Select(process => new ProcessRun(
                process, plan.FinishingCodes, watchdog, line => log.Line(Name, line), text => log.Say($"{Name} {text}"), Changed)),
        ];
    }

    public string Name => plan.Name;
    public IResource Resource => plan.Resource;
    public IEnumerable<IResource> WaitsFor => plan.Waits.Select(wait => Owner(wait.Dependency));

    public ResourceStatus Status => new(
        Name, plan.Url, processes.Select(process => process.Pid).FirstOrDefault(pid => pid is not null), State,
        processes.Count == 0 ? existingReason : processes.Select(process => process.Reason).FirstOrDefault(reason => reason is not null),
        processes.Count > 1 ? [.. processes.Select(process => new ReplicaStatus(process.Url!, process.Pid, process.State))] : null);

    ResourceState State => processes.Count == 0 ? existing : States.Of(processes.Select(process => process.State));

    /// <summary>Ends when the resource has finished or is stopped; fails when it can never start.</summary>
    public async Task RunAsync(IReadOnlyDictionary<IResource, ResourceRun> all)
    {
        try
        {
            await Task.WhenAll(plan.Waits.Select(wait => AwaitAsync(wait, all))).WaitAsync(stopping.Token);
            front = plan.FrontAddresses.Count > 0 ? await ReplicaFront.StartAsync(plan.FrontAddresses, stopping.Token) : null;
            if (processes.Count == 0)
            {
                await WatchExistingAsync(stopping.Token);
            }

            await Task.WhenAll(processes.Select(process => process.RunAsync(stopping.Token, hurry)));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped before it had started.
        }
        finally
        {
            await (front?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    public Task StopAsync() => stopping.CancelAsync();

    async Task AwaitAsync(WaitAnnotation wait, IReadOnlyDictionary<IResource, ResourceRun> all)
    {
        if (!all.TryGetValue(Owner(wait.Dependency), out var dependency))
        {
            return;
        }

        if (wait.ExitCode is not { } wanted)
        {
            await dependency.healthy.Task;
        }
        else if (await dependency.finished.Task is var code && code != wanted)
        {
            throw new LocalRunException($"{dependency.Name} ended with exit code {code}, but {Name} waits for {wanted}. Its log tells why.");
        }
    }

    /// <summary>A database is as ready as its server, which creates it.</summary>
    static IResource Owner(IResource resource) => resource is PostgresDatabaseResource database ? database.Parent : resource;

    async Task WatchExistingAsync(CancellationToken cancellation)
    {
        while (true)
        {
            existingReason = await ProcessRun.ProbeAsync(plan.Probe, cancellation);
            existing = existingReason is null ? ResourceState.Running : healthy.Task.IsCompleted ? ResourceState.Unhealthy : ResourceState.Starting;
            Changed();
            await Task.Delay(ProbePause, TimeProvider.System, cancellation);
        }
    }

    /// <summary>The healthy processes; with none, those that are alive, as a request may be what makes them healthy (they wait for their keys).</summary>
    IReadOnlyList<string> Reachable()
    {
        var alive = processes.Where(process => process.Pid is not null).ToList();
        var well = alive.Where(process => process.State == ResourceState.Running).ToList();
        return [.. (well.Count > 0 ? well : alive).Select(process => process.Url!)];
    }

    void Changed()
    {
        lock (gate)
        {
            front?.Serve(Reachable());
            if (State is ResourceState.Running or ResourceState.Finished)
            {
                healthy.TrySetResult();
            }

            if (State == ResourceState.Finished)
            {
                finished.TrySetResult(processes[0].ExitCode ?? 0);
            }
        }

        changed();
    }
}
