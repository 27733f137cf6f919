using RetrainLoop.Inference.Models.Heads;

namespace RetrainLoop.Tests.Inference.Models;

public sealed class HeadDetectionTests
{
    [Theory]
    [InlineData(84, 8400, 640, 80, typeof(Yolov8Head))]
    [InlineData(84, 8400, 640, null, typeof(Yolov8Head))]
    [InlineData(7, 2100, 320, 3, typeof(Yolov8Head))]
    [InlineData(8400, 84, 640, 80, typeof(Yolov8TransposedHead))]
    [InlineData(25200, 85, 640, 80, typeof(Yolov5Head))]
    [InlineData(25200, 6, 640, null, typeof(Yolov5Head))]
    [InlineData(3549, 85, 416, 80, typeof(YoloxHead))]
    [InlineData(300, 6, 640, 80, typeof(EndToEndHead))]
    [InlineData(8400, 6, 640, 2, typeof(Yolov8TransposedHead))]
    [InlineData(116, 8400, 640, 80, null)] // 32 mask coefficients: a segmenter
    [InlineData(4420, 2, 320, null, null)]
    [InlineData(300, 7, 640, 80, null)]
    [InlineData(300, 6, 640, null, null)] // how many classes there are is not known
    public void Find_OutputShape_GivesTheFamily(int rows, int columns, int size, int? classes, Type? expected) =>
        Assert.Equal(expected, HeadDetection.Find(new HeadEvidence(rows, columns, size, size, classes, null, () => Offsets))?.GetType());

    [Theory]
    [InlineData(80, 600f, true, false, typeof(YoloxHead), true)] // decoded inside
    [InlineData(80, 3f, true, false, typeof(YoloxHead), false)]
    [InlineData(80, 600f, true, true, typeof(Yolov5Head), false)] // v6 keeps the place of an objectness that it does not have
    [InlineData(null, 600f, true, false, typeof(Yolov8TransposedHead), false)]
    [InlineData(null, 600f, true, true, typeof(Yolov5Head), false)]
    [InlineData(null, 3f, true, false, typeof(YoloxHead), false)]
    [InlineData(null, 0.9f, false, false, null, false)] // nothing but scores: their boxes are in another output
    public void Find_OneRowPerCell_IsToldByItsValues(
        int? classes, float largestCenter, bool hasLogarithms, bool objectnessIsOne, Type? expected, bool isDecoded)
    {
        var head = HeadDetection.Find(new HeadEvidence(
            8400, 85, 640, 640, classes, null, () => new RowEvidence(largestCenter, hasLogarithms, objectnessIsOne, false)));
        Assert.Equal(expected, head?.GetType());
        Assert.Equal(isDecoded, head is YoloxHead { IsDecoded: true });
    }

    [Fact]
    public void Find_SixMembersWhoseLastIsAScore_IsNoEndToEndHead() =>
        Assert.Null(HeadDetection.Find(new HeadEvidence(300, 6, 640, 640, 2, null, () => Offsets with { SixthIsClass = false })));

    [Theory]
    [InlineData(600f, true)]
    [InlineData(3f, false)]
    public void Find_HeadNamedByUploader_Wins(float largestCenter, bool isDecoded) => Assert.Equal(isDecoded, Assert.IsType<YoloxHead>(
        HeadDetection.Find(new HeadEvidence(8400, 85, 640, 640, null, DetectorHead.Yolox, () => Offsets with { LargestCenter = largestCenter })))
        .IsDecoded);

    [Theory]
    [InlineData("10 20 5 5 0.5 3; 600 2 4 4 0.1 0", 600f, true, false, true)]
    [InlineData("0.1 0.2 0.5 0.5 1 0.25; 0.3 1 0 0 1 0", 1f, false, true, false)]
    [InlineData("0.1 -0.2 0.5 0.5 1 1; 0.3 1 0 0 0.9 2", 1f, true, false, true)]
    public void Of_Rows_TellsWhatTheyHold(string rows, float largestCenter, bool hasLogarithms, bool objectnessIsOne, bool sixthIsClass) => Assert.Equal(
        new RowEvidence(largestCenter, hasLogarithms, objectnessIsOne, sixthIsClass),
        RowEvidence.Of([.. rows.Replace(';', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(value => float.Parse(value, System.Globalization.CultureInfo.InvariantCulture))], 6));

    static readonly RowEvidence Offsets = new(3, true, false, true);
}
