using Aspire.Hosting.ApplicationModel;
using RetrainLoop.LocalHost.Logs;
using RetrainLoop.LocalHost.Processes;

namespace RetrainLoop.LocalHost.Stack;

/// <summary>All resources of one run: starts them, reports how they are, stops those first that wait for others.</summary>
sealed class StackRun
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    readonly StackSettings settings;
    readonly ConsoleLog log;
    readonly string? adminKeyFile;
    readonly Dictionary<IResource, ResourceRun> runs;
    readonly SemaphoreSlim change = new(0, 1);
    StackState state = StackState.Starting;
    bool ranBefore;
    bool isStopping;

    public StackRun(
        StackSettings settings, IReadOnlyList<ResourcePlan> plans, string? adminKeyFile, Watchdog watchdog, ConsoleLog log, CancellationToken hurry)
    {
        this.settings = settings;
        this.log = log;
        this.adminKeyFile = adminKeyFile;
        runs = plans.ToDictionary(plan => plan.Resource, plan => new ResourceRun(plan, watchdog, log, Changed, hurry));
    }

    /// <summary>Runs until <paramref name="stop"/>; throws after a clean stop what made a resource impossible.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        StackFile.Write(settings.StackFile, Status());
        using var reportingEnds = new CancellationTokenSource();
        var reporting = ReportAsync(reportingEnds.Token);
        var running = runs.Values.ToDictionary(run => run, run => run.RunAsync(runs));
        var failed = new TaskCompletionSource();
        foreach (var task in running.Values)
        {
            _ = task.ContinueWith(
                over => failed.TrySetException(over.Exception!.InnerExceptions), stop, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }

        await Task.WhenAny(failed.Task, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop));

        isStopping = true;
        Changed();
        await StopAsync(running);
        await reportingEnds.CancelAsync();
        await reporting;
        if (failed.Task.IsCompleted)
        {
            await failed.Task;
        }
    }

    async Task StopAsync(Dictionary<ResourceRun, Task> running)
    {
        var stops = new Dictionary<ResourceRun, Task>();
        await Task.WhenAll(runs.Values.Select(StopOne));

        Task StopOne(ResourceRun run) => stops.TryGetValue(run, out var stop) ? stop : stops[run] = StopAfterWaitersAsync(run);

        async Task StopAfterWaitersAsync(ResourceRun run)
        {
            await Task.WhenAll(runs.Values.Where(other => other.WaitsFor.Contains(run.Resource)).Select(StopOne));
            await run.StopAsync();
            await running[run].ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    void Changed()
    {
        try
        {
            change.Release();
        }
        catch (SemaphoreFullException)
        {
            // A report is due already.
        }
    }

    async Task ReportAsync(CancellationToken cancellation)
    {
        var slow = Task.Delay(Patience, TimeProvider.System, cancellation);
        try
        {
            while (true)
            {
                var due = change.WaitAsync(cancellation);
                if (await Task.WhenAny(due, slow) == slow && !cancellation.IsCancellationRequested)
                {
                    slow = Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
                    TellWhatIsMissing();
                }

                await due;
                Report();
            }
        }
        catch (OperationCanceledException)
        {
            // The stack has stopped.
        }
    }

    void Report()
    {
        var status = Status();
        StackFile.Write(settings.StackFile, status);
        if (status.State != state)
        {
            state = status.State;
            if (state == StackState.Running && !ranBefore)
            {
                log.Table(StatusTable.Of(status));
            }

            ranBefore |= state == StackState.Running;
            log.Say(state switch
            {
                StackState.Running => "running; Ctrl+C stops it",
                StackState.Degraded => "degraded: " + Missing(status),
                _ => "stopping",
            });
        }
    }

    void TellWhatIsMissing()
    {
        if (Status() is { State: StackState.Starting } status)
        {
            log.Table(StatusTable.Of(status));
            log.Say("still starting: " + Missing(status));
        }
    }

    static string Missing(StackStatus status) => string.Join(", ", status.Resources
        .Where(resource => resource.State is not (ResourceState.Running or ResourceState.Finished))
        .Select(resource => $"{resource.Name} is {resource.State.ToString().ToLowerInvariant()}{(resource.Reason is { } why ? $" ({why})" : "")}"));

    StackStatus Status()
    {
        var resources = runs.Values.Select(run => run.Status).ToList();
        return new(States.Of(resources.Select(resource => resource.State), ranBefore, isStopping), resources, adminKeyFile);
    }
}
