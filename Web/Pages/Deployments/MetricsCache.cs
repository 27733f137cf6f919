using System.Collections.Concurrent;

namespace RetrainLoop.Web.Pages.Deployments;

/// <summary>Lets all circuits that look at the same metrics share one read, and reads a range no more often than its points change.</summary>
public sealed class MetricsCache(IServiceProvider services, TimeProvider time)
{
    static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    const double PastSeconds = 120;
    readonly ConcurrentDictionary<(string, MetricsView), Entry> entries = [];

    public Task<MetricsSnapshot> ReadAsync(string deployment, MetricsView view)
    {
        var now = time.GetUtcNow();
        foreach (var (key, entry) in entries)
            if (now - entry.At > Kept) entries.TryRemove(key, out _);
        return entries.AddOrUpdate((deployment, view),
            _ => Begin(deployment, view, now),
            (_, entry) => now - entry.At < Fresh(entry, view) ? entry : Begin(deployment, view, now)).Snapshot.Value;
    }

    // What Monitor could not answer is asked again soon.
    static TimeSpan Fresh(Entry entry, MetricsView view) => entry.Snapshot is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result.MonitorAnswers: false } }
        ? TimeSpan.FromSeconds(2)
        : TimeSpan.FromSeconds(view.IsCustom ? PastSeconds : view.Range.RefreshSeconds);

    Entry Begin(string deployment, MetricsView view, DateTimeOffset now) =>
        new(now, new Lazy<Task<MetricsSnapshot>>(() => services.GetRequiredService<MetricsReader>().ReadAsync(deployment, view)));

    sealed record Entry(DateTimeOffset At, Lazy<Task<MetricsSnapshot>> Snapshot);
}
