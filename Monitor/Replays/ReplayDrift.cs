using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Drift;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Replays;

/// <summary>Drift of old frames, by the rule of live ones. Pure.</summary>
static class ReplayDrift
{
    /// <summary>
    /// Length of the window that ends with each period: that of the daily live comparison, and no longer than the baseline, so that a short replay
    /// is compared in short windows.
    /// </summary>
    public static TimeSpan WindowOf(Replay replay, DriftOptions options)
    {
        var baseline = replay.BaselineUntil - replay.From;
        return options.RecentWindow < baseline ? options.RecentWindow : baseline;
    }

    /// <param name="minutes">The replay's minutes up to the end of the baseline.</param>
    public static SignalWindow Baseline(Replay replay, IEnumerable<SeriesBucket> minutes, DriftOptions options)
    {
        var cell = SignalWindow.CellSecondsFor(replay.BaselineUntil - replay.From);
        var whole = (cell + Resolutions.Minute - 1) / Resolutions.Minute * Resolutions.Minute; // minutes are the finest that a replay keeps
        return SignalWindow.Of(minutes, replay.Start.Model, replay.From, replay.BaselineUntil, whole, null, options.Cameras);
    }

    /// <summary>Compares the window that ends at an instant; none reaches into the baseline.</summary>
    /// <param name="minutes">Covering that window and those before it that the rule asks for.</param>
    public static IReadOnlyList<SignalDrift> Compare(
        Replay replay, SignalWindow baseline, IReadOnlyList<SeriesBucket> minutes, DateTimeOffset end, DriftOptions options)
    {
        var (length, windows) = (WindowOf(replay, options), new List<SignalWindow>());
        for (var to = end; windows.Count == 0 || (windows.Count < options.Windows && to > replay.BaselineUntil); to = windows[^1].From)
        {
            var from = to - length < replay.BaselineUntil ? replay.BaselineUntil : to - length;
            windows.Add(SignalWindow.Of(minutes, replay.Start.Model, from, to, baseline.CellSeconds, baseline.Cameras.ToHashSet(), options.Cameras));
        }
        return windows[0].Cells.Count == 0 ? [] : DrillDown.Into(DriftJudge.Judge(baseline, windows, options), baseline, windows[0], options);
    }
}
