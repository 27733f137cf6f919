using Microsoft.Extensions.Options;

namespace RetrainLoop.Inference.Telemetry;

/// <summary>
/// Counts frames per second and series. Each thread has a stripe of its own, so its lock is all but free; stripes are merged once a second.
/// A frame belongs to the second in which it was recorded.
/// </summary>
sealed class TelemetryRecorder(IOptions<TelemetryOptions> options, TimeProvider time)
{
    readonly Stripe[] stripes = [.. Enumerable.Range(0, Math.Max(4, Environment.ProcessorCount * 2)).Select(_ => new Stripe())];

    public void Record(in SeriesKey key, in FrameObservation frame)
    {
        if (!options.Value.Enabled) return;
        stripes[Environment.CurrentManagedThreadId % stripes.Length].Record(key, frame, time);
    }

    /// <summary>Takes everything of the seconds before <paramref name="second"/>; nothing is counted for them afterwards.</summary>
    public IReadOnlyList<SeriesSecond> Close(long second)
    {
        var merged = new SortedDictionary<long, Dictionary<SeriesKey, SeriesAccumulator>>();
        foreach (var stripe in stripes)
            foreach (var (at, series) in stripe.Close(second))
                if (!merged.TryAdd(at, series)) Merge(merged[at], series);
        return [.. merged.SelectMany(pair => pair.Value.Select(series => series.Value.ToSeries(pair.Key, series.Key)))];
    }

    static void Merge(Dictionary<SeriesKey, SeriesAccumulator> into, Dictionary<SeriesKey, SeriesAccumulator> from)
    {
        foreach (var (key, counts) in from)
            if (!into.TryAdd(key, counts)) into[key].Add(counts);
    }

    sealed class Stripe
    {
        readonly Lock gate = new();
        readonly Dictionary<long, Dictionary<SeriesKey, SeriesAccumulator>> seconds = [];
        long open = long.MinValue;

        public void Record(in SeriesKey key, in FrameObservation frame, TimeProvider time)
        {
            lock (gate)
            {
                // The clock is read under the lock, and a second that was closed (or a clock set back) never reopens.
                var second = Math.Max(open, time.GetUtcNow().ToUnixTimeSeconds());
                if (!seconds.TryGetValue(second, out var series)) seconds.Add(second, series = []);
                if (!series.TryGetValue(key, out var counts)) series.Add(key, counts = new SeriesAccumulator());
                counts.Add(frame);
            }
        }

        public List<KeyValuePair<long, Dictionary<SeriesKey, SeriesAccumulator>>> Close(long second)
        {
            lock (gate)
            {
                open = Math.Max(open, second);
                List<KeyValuePair<long, Dictionary<SeriesKey, SeriesAccumulator>>> closed = [.. seconds.Where(pair => pair.Key < second)];
                foreach (var (at, _) in closed) seconds.Remove(at);
                return closed;
            }
        }
    }
}
