using System.Text.Json;

namespace RetrainLoop.Tests.Inference.Models;

public sealed class GoldenBoxTests
{
    [Fact]
    public void IoU_GoldenMatrix_IsTheSame()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(GoldenFolder.Shared("boxes", "cases.json")));
        var matrix = golden.RootElement.GetProperty("iou");
        var boxes = matrix.GetProperty("boxes_xywh").EnumerateArray().Select(BoxOf).ToList();
        Assert.NotEmpty(boxes);
        for (var row = 0; row < boxes.Count; row++)
            for (var column = 0; column < boxes.Count; column++)
            {
                var expected = matrix.GetProperty("iou")[row][column].GetDouble();
                Assert.True(Math.Abs(expected - Box.IoU(boxes[row], boxes[column])) < 1e-6, $"{boxes[row]} and {boxes[column]}: not {expected}");
            }
    }

    static Box BoxOf(JsonElement numbers) => new(numbers[0].GetSingle(), numbers[1].GetSingle(), numbers[2].GetSingle(), numbers[3].GetSingle());
}
