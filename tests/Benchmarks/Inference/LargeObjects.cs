using System.Diagnostics.Tracing;

namespace RetrainLoop.Benchmarks.Inference;

/// <summary>Counts the runtime's notes of allocations on the large object heap: one per about 100 KB of them.</summary>
sealed class LargeObjects : EventListener
{
    const EventKeywords GarbageCollection = (EventKeywords)1;
    int count;

    public int Count => Volatile.Read(ref count);

    protected override void OnEventSourceCreated(EventSource source)
    {
        if (source.Name == "Microsoft-Windows-DotNETRuntime") EnableEvents(source, EventLevel.Verbose, GarbageCollection);
    }

    protected override void OnEventWritten(EventWrittenEventArgs note)
    {
        if (note.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) != true) return;
        var kind = note.PayloadNames!.IndexOf("AllocationKind");
        if (kind >= 0 && Convert.ToInt32(note.Payload![kind], System.Globalization.CultureInfo.InvariantCulture) == 1) Interlocked.Increment(ref count);
    }
}
