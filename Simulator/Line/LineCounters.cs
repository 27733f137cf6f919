using System.Collections.Concurrent;
using System.Globalization;
using System.Net;

namespace RetrainLoop.Simulator.Line;

/// <summary>What became of the frames since the start.</summary>
/// <param name="Sent">Requests that left, whatever came back.</param>
/// <param name="Ok">Answered with success.</param>
/// <param name="Errors">By status code, or <c>unreachable</c>, <c>timeout</c>.</param>
/// <param name="Dropped">Never sent, because too many were on their way.</param>
/// <param name="FramesPerSecond">Mean rate of sending over the last ten seconds.</param>
public sealed record LineCounts(long Sent, long Ok, IReadOnlyDictionary<string, long> Errors, long Dropped, double FramesPerSecond);

/// <summary>Counts what became of the frames; thread safe.</summary>
public sealed class LineCounters(TimeProvider time)
{
    const int Window = 10;
    readonly ConcurrentDictionary<string, long> errors = new();
    readonly ConcurrentQueue<long> recent = new();
    long sent, ok, dropped;

    public void CountSent()
    {
        Interlocked.Increment(ref sent);
        recent.Enqueue(time.GetTimestamp());
        Forget();
    }

    public void CountAnswer(HttpStatusCode status)
    {
        if ((int)status is >= 200 and < 300) Interlocked.Increment(ref ok);
        else CountError(((int)status).ToString(CultureInfo.InvariantCulture));
    }

    public void CountError(string kind) => errors.AddOrUpdate(kind, 1, (_, count) => count + 1);
    public void CountDropped() => Interlocked.Increment(ref dropped);

    public LineCounts Read()
    {
        Forget();
        return new(
            Interlocked.Read(ref sent), Interlocked.Read(ref ok), new SortedDictionary<string, long>(errors, StringComparer.Ordinal),
            Interlocked.Read(ref dropped), (double)recent.Count / Window);
    }

    void Forget()
    {
        while (recent.TryPeek(out var oldest) && time.GetElapsedTime(oldest).TotalSeconds > Window) recent.TryDequeue(out _);
    }
}
