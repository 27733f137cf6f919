using System.Collections.Concurrent;

namespace RetrainLoop.Web.Pages.Overview;

/// <summary>Lets all circuits that look at the same share one read, so that the services are asked no more often with many viewers than with one.</summary>
public sealed class OverviewCache(IServiceProvider services, TimeProvider time)
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1.8);
    static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);
    readonly ConcurrentDictionary<(string?, OverviewRange), Entry> entries = [];

    /// <summary>The view of a deployment over a range, at most about two seconds old.</summary>
    public Task<OverviewSnapshot> ReadAsync(string? deployment, OverviewRange range)
    {
        var now = time.GetUtcNow();
        foreach (var (key, entry) in entries)
            if (now - entry.At > Kept) entries.TryRemove(key, out _);
        return entries.AddOrUpdate((deployment, range),
            _ => Read(deployment, range, now),
            (_, entry) => now - entry.At < Fresh ? entry : Read(deployment, range, now)).Snapshot.Value;
    }

    Entry Read(string? deployment, OverviewRange range, DateTimeOffset now) =>
        new(now, new Lazy<Task<OverviewSnapshot>>(() => services.GetRequiredService<OverviewReader>().ReadAsync(deployment, range)));

    sealed record Entry(DateTimeOffset At, Lazy<Task<OverviewSnapshot>> Snapshot);
}
