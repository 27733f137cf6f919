using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Inference.Execution;

/// <summary>
/// The threads that decode images and run models, each with a workbench of its own. One watchdog looks at what they run and ends what takes longer
/// than it may, so that no frame needs a timer and no model keeps a worker.
/// </summary>
sealed partial class InferenceWorkers(
    FrameQueue queue, ExecutionProvider provider, IOptions<ExecutionOptions> execution, IOptions<ImageOptions> images, TimeProvider time,
    ILogger<InferenceWorkers> logger) : IHostedService
{
    static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(10), LongestLook = TimeSpan.FromMilliseconds(250);
    // When the service stops, what runs may finish for the first; then it is interrupted, and left behind after the second.
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(4);
    readonly List<Thread> threads = [];
    readonly FrameWork?[] running = new FrameWork?[provider.Workers];
    ITimer? watchdog;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < provider.Workers; i++)
        {
            var worker = i;
            var thread = new Thread(() => Work(worker)) { IsBackground = true, Name = $"inference {i}" };
            threads.Add(thread);
            thread.Start();
        }
        var (limits, look) = (execution.Value, LongestLook);
        foreach (var limit in new[] { limits.Stall, limits.BackgroundLimit }) look = limit / 4 < look ? limit / 4 : look;
        look = look < ShortestLook ? ShortestLook : look;
        watchdog = time.CreateTimer(_ => ForEachRunning(work => work.Enforce(limits)), null, look, look);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Stop();
        if (!await EndAsync(Grace))
        {
            ForEachRunning(work => work.Stop());
            if (!await EndAsync(Patience)) LogLeftBehind(threads.Count(thread => thread.IsAlive));
        }
        if (watchdog is not null) await watchdog.DisposeAsync();
    }

    void Work(int worker)
    {
        using var bench = new Workbench(images.Value, time, worker);
        while (queue.Take(out var isBackground) is { } work)
        {
            Volatile.Write(ref running[worker], work);
            work.Execute(bench);
            Volatile.Write(ref running[worker], null);
            bench.Trim();
            if (isBackground) queue.BackgroundDone();
        }
    }

    void ForEachRunning(Action<FrameWork> action)
    {
        for (var worker = 0; worker < running.Length; worker++)
            if (Volatile.Read(ref running[worker]) is { } work) action(work);
    }

    /// <returns>False when a thread has not ended within the limit.</returns>
    Task<bool> EndAsync(TimeSpan limit) => Task.Run(() =>
    {
        var since = time.GetTimestamp();
        return threads.TrueForAll(thread => thread.Join(limit - time.GetElapsedTime(since) is { Ticks: > 0 } left ? left : TimeSpan.Zero));
    }, CancellationToken.None);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Workers} workers are in runs that cannot be interrupted; the service stops without them")]
    partial void LogLeftBehind(int workers);
}
