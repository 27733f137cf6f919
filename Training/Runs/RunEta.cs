using RetrainLoop.Contracts;

namespace RetrainLoop.Training.Runs;

/// <summary>How long a run still takes.</summary>
public static class RunEta
{
    const int Recent = 5;

    /// <summary>
    /// Seconds until the last epoch: the median of the newest epochs' times, for each epoch to come. Null before the first. A run that stops
    /// early is sooner done.
    /// </summary>
    public static double? Of(IReadOnlyList<EpochInfo> done, int planned)
    {
        if (done.Count == 0) return null;
        var recent = done.TakeLast(Recent).Select(epoch => epoch.Seconds).Order().ToList();
        return recent[recent.Count / 2] * Math.Max(0, planned - done[^1].Epoch);
    }
}
