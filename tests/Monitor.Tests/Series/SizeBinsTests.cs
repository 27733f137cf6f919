using CsCheck;

namespace RetrainLoop.Tests.Monitor.Series;

/// <summary>The grid of widths by heights beside the histograms of either.</summary>
public sealed class SizeBinsTests
{
    static readonly SizeBins Grid = SignalBins.BoxSize;
    static readonly Gen<double> Side = Gen.Double[-18, 0].Select(Math.Exp); // from far under the first cell to the whole side

    [Fact]
    public void Edges_OfTheGrid_AscendByOneRatioFromNothingToTheWholeSide()
    {
        Assert.Equal((17, 0, 1, 256), (Grid.Edges.Count, Grid.Edges[0], Grid.Edges[^1], Grid.Count));
        Assert.Equal(0.0085, Grid.Edges[1], 0.0001);
        Assert.All(Grid.Edges.Skip(1).SkipLast(2).Zip(Grid.Edges.Skip(2)), pair => Assert.Equal(1.377, pair.Second / pair.First, 0.001));
    }

    [Fact]
    public void CellOf_AnyBox_LiesBetweenTheEdgesOfItsColumnAndRow() => Gen.Select(Side, Side).Sample((width, height) =>
    {
        var (row, column) = Math.DivRem(Grid.CellOf(width, height), Grid.CellsPerAxis);
        return Between(column, width) && Between(row, height);
    });

    [Fact]
    public void CellOf_AnyBoxes_SumToTheHistogramsOfWidthAndHeightAtEveryEdge() => Gen.Select(Side, Side).Array[1, 200].Sample(boxes =>
    {
        var cells = boxes.Select(box => Grid.CellOf(box.Item1, box.Item2)).ToList();
        var (widths, heights) = (Histograms.Of(boxes.Select(box => box.Item1), SignalBins.RelativeSize.IndexOf), Histograms.Of(boxes.Select(box => box.Item2), SignalBins.RelativeSize.IndexOf));
        return Enumerable.Range(1, Grid.CellsPerAxis - 1).All(edge =>
            cells.Count(cell => cell % Grid.CellsPerAxis < edge) == UpTo(widths, Grid.Edges[edge]) && cells.Count(cell => cell / Grid.CellsPerAxis < edge) == UpTo(heights, Grid.Edges[edge]));
    });

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 15)]
    [InlineData(0, 1, 240)]
    [InlineData(1.5, 1.5, 255)] // a box that sticks out of the image
    public void CellOf_Extremes_StayOnTheGrid(double width, double height, int cell) => Assert.Equal(cell, Grid.CellOf(width, height));

    static bool Between(int along, double side) => side > Grid.Edges[along] * (1 - 1e-9) && side <= Grid.Edges[along + 1] * (1 + 1e-9);

    /// <summary>Values in the histogram's bins that end at or under an edge.</summary>
    static long UpTo(SparseHistogram histogram, double edge) =>
        Enumerable.Range(0, histogram.Bins.Count).Where(i => SignalBins.RelativeSize.UpperEdge(histogram.Bins[i]) <= edge * (1 + 1e-9)).Sum(i => histogram.Counts[i]);
}
