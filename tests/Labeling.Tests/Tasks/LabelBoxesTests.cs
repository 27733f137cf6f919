using RetrainLoop.Labeling.Tasks;

namespace RetrainLoop.Tests.Labeling.Tasks;

public sealed class LabelBoxesTests
{
    static readonly string[] Classes = ["washer", "nut"];

    [Fact]
    public void Check_BoxWithinAPixelOfTheEdge_IsClipped()
    {
        var (boxes, _) = LabelBoxes.Check([new LabelBox(1, -0.6f, 5, 10, 116)], Classes, 160, 120);
        Assert.Equal(new LabelBox(1, 0, 5, 9.4f, 115), Assert.Single(boxes!));
    }

    [Theory]
    [InlineData(2, 0, 0, 5, 5, "class 2")]
    [InlineData(-1, 0, 0, 5, 5, "class -1")]
    [InlineData(0, 0, 0, 0, 5, "no size")]
    [InlineData(0, 0, 0, 5, -5, "no size")]
    [InlineData(0, -1.5, 0, 5, 5, "beyond the image")]
    [InlineData(0, 150, 0, 12, 5, "beyond the image")]
    [InlineData(0, 160.2, 0, 0.5, 5, "outside")]
    [InlineData(0, float.NaN, 0, 5, 5, "no number")]
    public void Check_WrongBox_IsNamedWithItsPlace(int label, float x, float y, float width, float height, string problem)
    {
        var result = LabelBoxes.Check([new LabelBox(0, 1, 1, 1, 1), new LabelBox(label, x, y, width, height)], Classes, 160, 120);
        Assert.Null(result.Boxes);
        Assert.StartsWith("Box 2", result.Problem, StringComparison.Ordinal);
        Assert.Contains(problem, result.Problem, StringComparison.Ordinal);
    }
}
