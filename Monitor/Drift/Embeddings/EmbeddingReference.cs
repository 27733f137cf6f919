using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Drift.Embeddings;

/// <summary>Distances of one camera's frames over one cell of time.</summary>
public sealed record EmbeddingCell(string Camera, DateTimeOffset Start, SparseHistogram Distances);

/// <summary>
/// What a baseline keeps of embeddings. Each camera has a mean of its own: cameras differ by their place far more than by what drift does to them, and a
/// move towards the others' mean would pass for none. Pure.
/// </summary>
/// <param name="Cameras">The cameras that the baseline tells apart, and <see cref="SignalWindow.OtherCameras"/>; some may have too few frames.</param>
/// <param name="Cells">Distances of the baseline's own frames, each to the mean of its camera's others.</param>
/// <param name="Missing">Why there are no distances, in a sentence; null when there are.</param>
public sealed record EmbeddingReference(
    IReadOnlyDictionary<string, MeanDirection> Cameras, IReadOnlyList<EmbeddingCell> Cells, string? Missing = null)
{
    /// <summary>A mean of fewer frames is mostly chance.</summary>
    public const int LeastFrames = 10;

    /// <param name="frames">Of the baseline's window.</param>
    /// <param name="cameras">Those that the baseline tells apart.</param>
    public static EmbeddingReference Of(IReadOnlyList<EmbeddedFrame> frames, IReadOnlyList<string> cameras, int cellSeconds)
    {
        var apart = cameras.ToHashSet();
        var byCamera = frames.ToLookup(frame => apart.Contains(frame.Camera) ? frame.Camera : SignalWindow.OtherCameras, frame => frame.Unit);
        var means = cameras.Append(SignalWindow.OtherCameras).Distinct().ToDictionary(camera => camera, camera => MeanDirection.Of(byCamera[camera]));
        var reference = new EmbeddingReference(means, []);
        var cells = reference.CellsOf(frames, cellSeconds, members: true);
        return reference with
        {
            Cells = cells,
            Missing = cells.Count > 0 ? null
                : $"The baseline has {frames.Count} random frames with an embedding, too few: each camera needs {LeastFrames} for a mean.",
        };
    }

    /// <summary>How far a frame is from the mean of its camera; null when the baseline has none for it.</summary>
    /// <param name="member">Whether it is one of the baseline's own.</param>
    public double? DistanceOf(EmbeddedFrame frame, bool member) =>
        Cameras.GetValueOrDefault(CameraOf(frame)) is { Count: >= LeastFrames } mean && mean.Sum.Length == frame.Unit.Length
            ? member ? mean.DistanceOfMember(frame.Unit) : mean.DistanceOf(frame.Unit)
            : null;

    /// <summary>Distances by camera and cell of time; frames without one are left out.</summary>
    public IReadOnlyList<EmbeddingCell> CellsOf(IEnumerable<EmbeddedFrame> frames, int cellSeconds, bool members = false)
    {
        var cells = new Dictionary<(DateTimeOffset Start, string Camera), Histogram>();
        foreach (var frame in frames)
        {
            if (DistanceOf(frame, members) is not { } distance) continue;
            var key = (frame.At.Floor(cellSeconds), CameraOf(frame));
            if (!cells.TryGetValue(key, out var histogram)) cells[key] = histogram = new Histogram();
            histogram.Add(SignalBins.CosineDistance.IndexOf(distance), 1);
        }
        return [.. cells.OrderBy(cell => cell.Key.Start).ThenBy(cell => cell.Key.Camera, StringComparer.Ordinal).Select(cell => new EmbeddingCell(cell.Key.Camera, cell.Key.Start, cell.Value.ToSparse()))];
    }

    /// <summary>Frames whose bytes are still there and whose distance lies in [low, high), the farthest first.</summary>
    /// <param name="members">Whether they are the baseline's own.</param>
    /// <param name="camera">As reports name it, <see cref="SignalWindow.OtherCameras"/> for all that the baseline does not tell apart; null = all.</param>
    /// <param name="high">Null = no bound.</param>
    public IEnumerable<FrameDistance> Farthest(IEnumerable<EmbeddedFrame> frames, bool members, string? camera, double low, double? high) =>
        from frame in frames
        where frame.Kept && (camera is null || CameraOf(frame) == camera)
        let distance = DistanceOf(frame, members)
        where distance >= low && !(distance >= high)
        orderby distance descending
        select new FrameDistance(frame.Id, frame.Camera, frame.At, distance.Value);

    string CameraOf(EmbeddedFrame frame) => Cameras.ContainsKey(frame.Camera) ? frame.Camera : SignalWindow.OtherCameras;
}
