namespace RetrainLoop.Web.Loop;

/// <summary>Wakes the pulse before its time: a service's feed grew, or a pass came to its next stage.</summary>
public sealed class PulseSignal(TimeProvider time)
{
    readonly Lock gate = new();
    readonly HashSet<string> services = [];
    TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    bool everything;

    /// <summary>Something about the passes changed: every arrow may be due.</summary>
    public void Wake() => Wake(null);

    /// <param name="service">The service whose feed grew; null = every arrow may be due.</param>
    public void Wake(string? service)
    {
        lock (gate)
        {
            if (service is null) everything = true;
            else services.Add(service);
            woken.TrySetResult();
        }
    }

    /// <summary>Waits for the next wake, at most for the interval, and takes all wakes until then together.</summary>
    /// <param name="debounce">Waits this much longer after a wake, so that a burst of nudges is one.</param>
    /// <returns>The services that nudged; null when everything is to be looked at.</returns>
    public async Task<IReadOnlySet<string>?> WaitAsync(TimeSpan interval, TimeSpan debounce, CancellationToken cancellationToken)
    {
        using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            await Task.WhenAny(woken.Task, Task.Delay(interval, time, limit.Token));
            await limit.CancelAsync();
        }
        cancellationToken.ThrowIfCancellationRequested();
        var early = woken.Task.IsCompleted;
        if (early) await Task.Delay(debounce, time, cancellationToken);
        lock (gate)
        {
            var nudged = early && !everything ? new HashSet<string>(services) : null;
            services.Clear();
            everything = false;
            woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return nudged;
        }
    }
}
