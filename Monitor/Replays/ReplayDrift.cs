using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Drift;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Replays;

/// <summary>Drift of old frames, by the rule of live ones. Pure.</summary>
static class ReplayDrift
{
    public static IReadOnlyList<SignalSample> Sample(
        IEnumerable<SeriesBucket> buckets, ModelRef model, DateTimeOffset from, DateTimeOffset to, DriftOptions options)
    {
        // Minutes are the finest that a replay keeps.
        var blockSeconds = SignalBlocks.LengthFor(to - from, Math.Max(options.BlockSeconds, Resolutions.Minute));
        var blocks = SignalBlocks.Cut(buckets, model, from, to, blockSeconds);
        return [.. Signals.All.Select(signal => SignalSample.Of(signal, blocks))];
    }

    public static IReadOnlyList<SignalDrift> Compare(
        IReadOnlyList<SignalSample> baseline, IReadOnlyList<SignalSample> current, DriftOptions options)
    {
        var before = baseline.ToDictionary(sample => sample.Signal);
        var now = current.ToDictionary(sample => sample.Signal);
        return [.. Signals.All.Where(signal => before.ContainsKey(signal.Name))
            .Select(signal => DriftJudge.Compare(signal, before[signal.Name], now[signal.Name], options))];
    }
}
