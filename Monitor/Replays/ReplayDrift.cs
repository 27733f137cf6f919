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

    /// <summary>Seconds of the cells that windows are cut into; whole minutes are the finest that a replay keeps.</summary>
    public static int CellSecondsOf(Replay replay) =>
        (SignalWindow.CellSecondsFor(replay.BaselineUntil - replay.From) + Resolutions.Minute - 1) / Resolutions.Minute * Resolutions.Minute;

    /// <param name="cells">Of the replay up to the end of the baseline.</param>
    public static SignalWindow Baseline(Replay replay, IEnumerable<SeriesBucket> cells, DriftOptions options) =>
        SignalWindow.Of(cells, replay.Start.Model, replay.From, replay.BaselineUntil, CellSecondsOf(replay), null, options.Cameras);

    /// <summary>From where cells are needed to compare the window that ends at an instant, and those before it that the rule asks for.</summary>
    public static DateTimeOffset ReadFrom(Replay replay, DateTimeOffset end, DriftOptions options)
    {
        var from = end - WindowOf(replay, options) * options.Windows;
        return from < replay.BaselineUntil ? replay.BaselineUntil : from;
    }

    /// <summary>Compares the window that ends at an instant; none reaches into the baseline.</summary>
    /// <param name="cells">Of the replay from <see cref="ReadFrom"/> on.</param>
    public static IReadOnlyList<SignalDrift> Compare(
        Replay replay, SignalWindow baseline, IReadOnlyList<SeriesBucket> cells, DateTimeOffset end, DriftOptions options)
    {
        var (length, windows) = (WindowOf(replay, options), new List<SignalWindow>());
        for (var to = end; windows.Count == 0 || (windows.Count < options.Windows && to > replay.BaselineUntil); to = windows[^1].From)
        {
            var from = to - length < replay.BaselineUntil ? replay.BaselineUntil : to - length;
            windows.Add(SignalWindow.Of(cells, replay.Start.Model, from, to, baseline.CellSeconds, baseline.Cameras.ToHashSet(), options.Cameras));
        }
        return windows[0].Cells.Count == 0 ? [] : DrillDown.Into(DriftJudge.Judge(baseline, windows, options), baseline, windows[0], options);
    }
}
