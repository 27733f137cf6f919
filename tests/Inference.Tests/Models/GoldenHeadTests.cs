using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Models.Heads;

namespace RetrainLoop.Tests.Inference.Models;

/// <summary>Decoding and suppression against tensors and boxes that other tools computed.</summary>
public sealed class GoldenHeadTests
{
    [Theory]
    [InlineData("yolov8n_int8_640_bus")]
    [InlineData("yolov5n_fp16_640_bus")]
    [InlineData("yolox_nano_416_bus")]
    public void Decode_GoldenTensor_GivesGoldenBoxes(string name)
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(GoldenFolder.Shared("models", "heads", $"{name}.json")));
        Head head = name.StartsWith("yolov8", StringComparison.Ordinal) ? new Yolov8Head(80) : name.StartsWith("yolov5", StringComparison.Ordinal)
            ? new Yolov5Head(80) : new YoloxHead(80, 416, 416, isDecoded: false);
        AssertBoxes(golden.RootElement, head, Tensor(name), head.Kind == DetectorHead.Yolox ? 416 : 640);
    }

    [Fact]
    public void Decode_TransposedYolov8_GivesTheSameBoxes()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(GoldenFolder.Shared("models", "heads", "yolov8n_int8_640_bus.json")));
        var tensor = Tensor("yolov8n_int8_640_bus");
        var transposed = new float[tensor.Length];
        for (var row = 0; row < 84; row++)
            for (var box = 0; box < 400; box++) transposed[box * 84 + row] = tensor[row * 400 + box];
        AssertBoxes(golden.RootElement, new Yolov8TransposedHead(80), transposed, 640);
    }

    [Fact]
    public void Run_GoldenSuppressionCases_KeepGoldenIndices()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(GoldenFolder.Shared("boxes", "cases.json")));
        foreach (var example in golden.RootElement.GetProperty("nms").GetProperty("cases").EnumerateArray())
        {
            var boxes = new Candidates();
            var scores = Floats(example.GetProperty("scores"));
            foreach (var (corners, index) in example.GetProperty("boxes_xyxy").EnumerateArray().Select((box, index) => (Floats(box), index)))
                boxes.Add(corners[0], corners[1], corners[2], corners[3], scores[index], example.GetProperty("classes")[index].GetInt32());
            var kept = new int[Math.Max(1, boxes.Count)];
            var count = new Suppression().Run(boxes, -1, null, example.GetProperty("iou_threshold").GetSingle(), kept);
            Assert.Equal(example.GetProperty("keep_class_wise").EnumerateArray().Select(index => index.GetInt32()), kept.Take(count));
        }
    }

    static void AssertBoxes(JsonElement golden, Head head, float[] tensor, int size)
    {
        var found = new Candidates();
        head.Decode(tensor, golden.GetProperty("conf_threshold").GetSingle(), new float[head.BoxesIn(tensor.Length)], found);
        var kept = new int[300];
        var count = new Suppression().Run(found, 0, null, golden.GetProperty("iou_threshold").GetSingle(), kept);
        var expected = golden.GetProperty("detections_image_pixels").EnumerateArray().ToList();
        Assert.Equal(expected.Count, count);
        var letterbox = Letterbox.Fit(golden.GetProperty("image_width").GetInt32(), golden.GetProperty("image_height").GetInt32(), size, size,
            head.Letterbox);
        for (var i = 0; i < count; i++)
        {
            var box = letterbox.ToImage(found.Left[kept[i]], found.Top[kept[i]], found.Right[kept[i]], found.Bottom[kept[i]]);
            var corners = Floats(expected[i].GetProperty("box_xyxy"));
            Assert.Equal(expected[i].GetProperty("class_id").GetInt32(), found.Class[kept[i]]);
            Assert.Equal(expected[i].GetProperty("score").GetSingle(), found.Score[kept[i]], 1e-5f);
            Assert.Equal(corners[0], box.X, 0.001f);
            Assert.Equal(corners[1], box.Y, 0.001f);
            Assert.Equal(corners[2], box.Right, 0.001f);
            Assert.Equal(corners[3], box.Bottom, 0.001f);
        }
    }

    static float[] Tensor(string name)
    {
        using var file = new GZipStream(File.OpenRead(GoldenFolder.Shared("models", "heads", $"{name}.f32.gz")), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return MemoryMarshal.Cast<byte, float>(bytes.ToArray()).ToArray();
    }

    static float[] Floats(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetSingle())];
}
