using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Drift;

/// <summary>Widths by heights of boxes in both windows, on the cells of <see cref="SignalBins.BoxSize"/>. Pure.</summary>
static class BoxSizes
{
    public const string Name = "boxSize";

    public static SignalDistributions Of(SignalWindow baseline, SignalWindow current)
    {
        var (before, now) = (Sum(baseline), Sum(current));
        return new SignalDistributions(Name, "fraction of side", [], [], [])
        {
            BaselineCount = before.Cells.Total, CurrentCount = now.Cells.Total,
            Grid = new SizeGrid(SignalBins.BoxSize.Edges, Shares(before), Shares(now)) { BaselineCoverage = Coverage(before), CurrentCoverage = Coverage(now) },
        };
    }

    /// <summary>The grid, and how many boxes there were whether or not it holds them.</summary>
    static (Histogram Cells, long Boxes) Sum(SignalWindow window)
    {
        var (cells, boxes) = (new Histogram(), 0L);
        foreach (var detected in window.Cells.SelectMany(cell => cell.Sketch.Classes.Values))
        {
            cells.Add(detected.BoxSize);
            boxes += detected.Count;
        }
        return (cells, boxes);
    }

    static double[]? Shares((Histogram Cells, long Boxes) of)
    {
        if (of is { Cells.Total: 0, Boxes: > 0 }) return null;
        var shares = new double[SignalBins.BoxSize.Count];
        for (var i = 0; i < of.Cells.Bins.Length; i++) shares[of.Cells.Bins[i]] = (double)of.Cells.Counts[i] / of.Cells.Total;
        return shares;
    }

    static double Coverage((Histogram Cells, long Boxes) of) => of.Boxes == 0 ? 1 : (double)of.Cells.Total / of.Boxes;
}
