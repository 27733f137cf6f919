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
        Assert.Equal(expected, HeadDetection.Find(new HeadEvidence(rows, columns, size, size, classes, null, _ => 0))?.GetType());

    [Theory]
    [InlineData(600f, typeof(Yolov8TransposedHead))]
    [InlineData(3f, typeof(YoloxHead))]
    public void Find_OneRowPerCellWithoutNames_IsToldByItsValues(float largestCenter, Type expected) =>
        Assert.IsType(expected, HeadDetection.Find(new HeadEvidence(8400, 85, 640, 640, null, null, _ => largestCenter)));

    [Fact]
    public void Find_HeadNamedByUploader_Wins() =>
        Assert.IsType<YoloxHead>(HeadDetection.Find(new HeadEvidence(8400, 85, 640, 640, null, DetectorHead.Yolox, _ => 600)));
}
