using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Drift;

/// <summary>The cells of box width by height, and what is not known of them, in words. Pure.</summary>
public static class SizeCells
{
    public const string Signal = "boxSize";

    /// <summary>Whether each detection's box is of a cell of <see cref="SignalBins.BoxSize"/>, and of a class.</summary>
    /// <param name="className">Null = of any.</param>
    public static IReadOnlyList<bool> Belongs(SampledFrame frame, int cell, string? className) => [.. frame.Detections.Select(seen =>
        (className is null || seen.Name == className) && SignalBins.BoxSize.CellOf(seen.Width / frame.Width, seen.Height / frame.Height) == cell)];

    /// <summary>The boxes of a cell of <see cref="SignalBins.BoxSize"/>.</summary>
    public static string Text(int cell)
    {
        var (row, column) = Math.DivRem(cell, SignalBins.BoxSize.CellsPerAxis);
        return $"boxes {Range(column)} wide, {Range(row)} high";
    }

    /// <summary>A sentence on what the grid lacks; null when it holds every box of both windows.</summary>
    public static string? Unknown(SizeGrid grid) => (grid.Baseline, grid.Current) switch
    {
        (null, null) => "When these boxes were counted, only their widths and their heights were kept, not both together. Box width and height have distributions of their own; this map fills with what is counted from now on.",
        (null, _) => "The baseline was counted when only widths and heights of boxes were kept, not both together: only the current window can be shown. The next baseline will have both.",
        (_, null) => "The current window was counted when only widths and heights of boxes were kept, not both together: only the baseline can be shown.",
        _ when Math.Min(grid.BaselineCoverage, grid.CurrentCoverage) < 1 =>
            $"Width and height were kept together for {Figure.Percent(grid.BaselineCoverage)} of the baseline's boxes and {Figure.Percent(grid.CurrentCoverage)} of those now; the maps are of these.",
        _ => null,
    };

    static string Range(int along) =>
        $"{Figure.Digits(100 * SignalBins.BoxSize.Edges[along])} to {Figure.Digits(100 * SignalBins.BoxSize.Edges[along + 1])} %";
}
