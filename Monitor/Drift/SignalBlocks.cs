using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Drift;

/// <summary>Cuts series into time blocks over all cameras.</summary>
public static class SignalBlocks
{
    /// <summary>A window is cut into at most this many blocks: an hour each for a week, ten seconds each for anything under half an hour.</summary>
    public const int MostBlocks = 168;

    /// <summary>Seconds per block: at least <paramref name="shortest"/>; a multiple of ten, above a minute of sixty.</summary>
    public static int LengthFor(TimeSpan window, int shortest)
    {
        var even = Math.Max(window.TotalSeconds / MostBlocks, shortest);
        var unit = even > Resolutions.Minute ? Resolutions.Minute : Resolutions.TenSeconds;
        return (int)Math.Ceiling(even / unit) * unit;
    }

    /// <summary>The coarsest resolution of series that cuts into blocks of this length.</summary>
    public static int ResolutionFor(int blockSeconds) => blockSeconds % Resolutions.Minute == 0 ? Resolutions.Minute : Resolutions.TenSeconds;

    /// <summary>Sums of the champion's buckets of one model per block of [from, to); null where there is none.</summary>
    public static SeriesSketch?[] Cut(IEnumerable<SeriesBucket> buckets, ModelRef model, DateTimeOffset from, DateTimeOffset to, int blockSeconds)
    {
        var blocks = new SeriesSketch?[(int)Math.Ceiling((to - from).TotalSeconds / blockSeconds)];
        foreach (var bucket in buckets)
        {
            if (bucket.Model != model || bucket.Slot != ModelSlot.Champion || bucket.Start < from || bucket.Start >= to) continue;
            (blocks[(int)((bucket.Start - from).TotalSeconds / blockSeconds)] ??= new SeriesSketch()).Add(bucket.Sketch);
        }
        return blocks;
    }
}
