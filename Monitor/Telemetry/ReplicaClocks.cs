using System.Collections.Concurrent;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>
/// How far the clock of each replica is off, over its last calls. A call that was slow to arrive looks like a clock that is behind, so the quickest
/// of them counts, as in NTP.
/// </summary>
sealed class ReplicaClocks
{
    const int Calls = 20, MostReplicas = 1000;
    readonly ConcurrentDictionary<string, Queue<TimeSpan>> recent = [];

    /// <param name="measured">What one call told: when it was sent minus when it arrived.</param>
    public TimeSpan Settle(string replica, TimeSpan measured)
    {
        if (recent.Count > MostReplicas) recent.Clear();
        var calls = recent.GetOrAdd(replica, _ => new Queue<TimeSpan>());
        lock (calls)
        {
            calls.Enqueue(measured);
            if (calls.Count > Calls) calls.Dequeue();
            return calls.Max();
        }
    }
}
