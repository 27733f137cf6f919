namespace RetrainLoop.Contracts;

/// <summary>
/// Box sizes on a grid of cells, width by height relative to the image. A cell's side is whole bins of a side's own histogram, so that columns and rows
/// of the grid sum to the histograms of width and height.
/// </summary>
/// <param name="side">Bins of the histograms of one side.</param>
/// <param name="cells">Cells per axis.</param>
/// <param name="binsPerCell">Of a side's bins; the first cell also takes whatever is smaller, the last whatever is larger.</param>
public sealed class SizeBins(LogBins side, int cells, int binsPerCell)
{
    readonly int wholeSide = side.IndexOf(1);

    public int CellsPerAxis => cells;
    public int Count => cells * cells;

    /// <summary>Of both axes: from 0 over the upper ends of cells, which belong to them, to 1, the whole side.</summary>
    public IReadOnlyList<double> Edges { get; } =
        [0, .. Enumerable.Range(1, cells - 1).Select(cell => side.UpperEdge(side.IndexOf(1) - (cells - cell) * binsPerCell)), 1];

    /// <summary>The cell of a box by the lengths of its sides, in [0, 1]: column + <see cref="CellsPerAxis"/> * row.</summary>
    public int CellOf(double width, double height) => CellOfBins(side.IndexOf(width), side.IndexOf(height));

    /// <summary>The same from the bins of both sides.</summary>
    public int CellOfBins(int widthBin, int heightBin) => AlongAxis(heightBin) * cells + AlongAxis(widthBin);

    /// <summary>The column of a width's bin, or the row of a height's, in [0, <see cref="CellsPerAxis"/>).</summary>
    public int AlongAxis(int bin) => Math.Clamp(cells - 1 - (wholeSide - bin) / binsPerCell, 0, cells - 1);
}
