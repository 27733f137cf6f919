using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Drift.Embeddings;

/// <summary>
/// Embedding distances as windows like those of every other signal, or why there are none. They have cells of their own: where no frame was sampled there
/// is none.
/// </summary>
public sealed record EmbeddingWindows
{
    EmbeddingWindows(SignalWindow? baseline, IReadOnlyList<SignalWindow> windows, string? missing) => (Baseline, Windows, Missing) = (baseline, windows, missing);

    /// <summary>Null when there is nothing to compare.</summary>
    public SignalWindow? Baseline { get; }

    /// <summary>The newest first, as those of the other signals.</summary>
    public IReadOnlyList<SignalWindow> Windows { get; }

    /// <summary>Why there is nothing to compare, in a sentence.</summary>
    public string? Missing { get; }

    public static EmbeddingWindows Of(SignalWindow baseline, IReadOnlyList<SignalWindow> windows) => new(baseline, windows, null);

    public static EmbeddingWindows None(string reason) => new(null, [], reason);

    /// <summary>A window with the baseline; null when there is nothing to compare.</summary>
    public (SignalWindow Baseline, SignalWindow Current)? At(int window) => Baseline is null ? null : (Baseline, Windows[window]);

    /// <summary>Cells of a window, on the cells of time of another one.</summary>
    public static SignalWindow Window(IEnumerable<EmbeddingCell> cells, SignalWindow like) => new(like.From, like.To, like.CellSeconds, [.. cells.Select(cell =>
    {
        var sketch = new SeriesSketch();
        sketch.EmbeddingDistance.Add(cell.Distances);
        return new CameraCell(cell.Camera, cell.Start, sketch);
    })]);

    /// <summary>The opposite of <see cref="Window"/>.</summary>
    public static IReadOnlyList<EmbeddingCell> Cells(SignalWindow window) =>
        [.. window.Cells.Select(cell => new EmbeddingCell(cell.Camera, cell.Start, cell.Sketch.EmbeddingDistance.ToSparse()))];
}
