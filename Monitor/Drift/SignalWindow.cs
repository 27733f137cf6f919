using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Drift;

/// <summary>What the champion measured on one camera over one cell of time.</summary>
public sealed record CameraCell(string Camera, DateTimeOffset Start, SeriesSketch Sketch);

/// <summary>A window [From, To) as cells of camera and time, the finest that comparisons look at.</summary>
/// <param name="cellSeconds">Length of a cell; the first and last may be cut by the window.</param>
public sealed class SignalWindow(DateTimeOffset from, DateTimeOffset to, int cellSeconds, IReadOnlyList<CameraCell> cells)
{
    public const string OtherCameras = "other";

    /// <summary>A window is cut into at least so many cells of time: an hour each for a week, ten seconds each for anything under an hour.</summary>
    public const int LeastCells = 168;

    public DateTimeOffset From => from;
    public DateTimeOffset To => to;
    public int CellSeconds => cellSeconds;
    public IReadOnlyList<CameraCell> Cells => cells;
    public TimeSpan Length => to - from;

    /// <summary>Lengths that divide a day, so that blocks of whole cells are the same parts of each day.</summary>
    static readonly int[] CellLengths =
        [Resolutions.TenSeconds, 20, 30, Resolutions.Minute, 120, 300, 600, 900, 1800, Resolutions.Hour, 7200, 10800, 14400, 21600, 43200, Resolutions.Day];

    /// <summary>Seconds per cell for a baseline of this length: the longest that makes enough cells of it, ten at least.</summary>
    public static int CellSecondsFor(TimeSpan window) =>
        CellLengths.LastOrDefault(seconds => seconds * (double)LeastCells <= window.TotalSeconds, Resolutions.TenSeconds);

    /// <summary>Sums the champion's buckets of one model in [from, to) per camera and cell.</summary>
    /// <param name="cameras">Those that are told apart; null = the busiest ones. All others together are "other".</param>
    public static SignalWindow Of(
        IEnumerable<SeriesBucket> buckets, ModelRef model, DateTimeOffset from, DateTimeOffset to, int cellSeconds, IReadOnlySet<string>? cameras,
        DriftOptions options)
    {
        var own = buckets.Where(bucket => bucket.Model == model && bucket.Slot == ModelSlot.Champion && bucket.Start >= from && bucket.Start < to).ToList();
        cameras ??= own.GroupBy(bucket => bucket.Camera).OrderByDescending(group => group.Sum(bucket => bucket.Sketch.Requests))
            .ThenBy(group => group.Key, StringComparer.Ordinal).Take(options.Cameras).Select(group => group.Key).ToHashSet();
        var sums = new Dictionary<(string Camera, DateTimeOffset Start), SeriesSketch>();
        foreach (var bucket in own)
        {
            var key = (cameras.Contains(bucket.Camera) ? bucket.Camera : OtherCameras, bucket.Start.Floor(cellSeconds));
            if (!sums.TryGetValue(key, out var sketch)) sums[key] = sketch = new SeriesSketch();
            sketch.Add(bucket.Sketch);
        }
        foreach (var sketch in sums.Values) Keep(sketch, options.Classes);
        return new SignalWindow(from, to, cellSeconds,
            [.. sums.OrderBy(pair => pair.Key.Start).ThenBy(pair => pair.Key.Camera, StringComparer.Ordinal).Select(pair => new CameraCell(pair.Key.Camera, pair.Key.Start, pair.Value))]);
    }

    /// <summary>Takes all other classes out of a sketch; none when nothing is listed.</summary>
    public static void Keep(SeriesSketch sketch, IReadOnlyList<string> classes)
    {
        if (classes.Count == 0) return;
        foreach (var name in sketch.Classes.Keys.Except(classes, StringComparer.OrdinalIgnoreCase).ToList()) sketch.Classes.Remove(name);
    }

    /// <summary>The same window as one camera saw it.</summary>
    public SignalWindow OfCamera(string camera) => new(from, to, cellSeconds, [.. cells.Where(cell => cell.Camera == camera)]);

    /// <summary>The same window with the detections of one class only.</summary>
    public SignalWindow OfClass(string name) => new(from, to, cellSeconds,
        [.. cells.Where(cell => cell.Sketch.Classes.ContainsKey(name)).Select(cell => cell with { Sketch = Only(cell.Sketch, name) })]);

    public IReadOnlyList<string> Cameras => [.. cells.Select(cell => cell.Camera).Distinct()];

    public IReadOnlyList<string> Classes => [.. cells.SelectMany(cell => cell.Sketch.Classes.Keys).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Sums per cell of time over all cameras, null where there is none.</summary>
    public IReadOnlyList<SeriesSketch?> OverCameras => overCameras.Value;

    readonly Lazy<SeriesSketch?[]> overCameras = new(() =>
    {
        var first = from.Floor(cellSeconds);
        var sums = new SeriesSketch?[(int)Math.Ceiling((to - first).TotalSeconds / cellSeconds)];
        foreach (var cell in cells) (sums[(int)((cell.Start - first).TotalSeconds / cellSeconds)] ??= new SeriesSketch()).Add(cell.Sketch);
        return sums;
    });

    static SeriesSketch Only(SeriesSketch sketch, string name)
    {
        var only = new SeriesSketch();
        only.Classes[name] = sketch.Classes[name];
        return only;
    }
}
