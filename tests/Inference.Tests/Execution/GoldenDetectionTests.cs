using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;
using RetrainLoop.Inference.Models;

namespace RetrainLoop.Tests.Inference.Execution;

/// <summary>Real models on real pictures, against another runtime with OpenCV before it.</summary>
public sealed class GoldenDetectionTests
{
    static readonly DetectorLoader Loader = new(
        new ExecutionProvider(Options.Create(new ExecutionOptions()), NullLogger<ExecutionProvider>.Instance), TimeProvider.System);

    [Theory]
    [InlineData("yolov8n_int8_640", 0.1)]
    [InlineData("yolox_nano_416", 0.05)]
    public void Run_GoldenModel_FindsWhatTheReferenceFound(string model, double tolerance)
    {
        var path = GoldenFolder.Shared("models", $"{model}.onnx");
        using var golden = JsonDocument.Parse(File.ReadAllText(GoldenFolder.Shared("models", "expected_detections.json")));
        var opened = Loader.Open(path, new ModelSpec());
        using var detector = opened.Detector;
        using var bench = new Workbench(new ImageOptions(), TimeProvider.System);
        foreach (var result in golden.RootElement.GetProperty("results").EnumerateArray()
            .Where(result => result.GetProperty("model").GetString() == model))
        {
            var image = result.GetProperty("image").GetString()!;
            bench.Run(detector, File.ReadAllBytes(GoldenFolder.Shared("models", "images", image)), image, 0.01f);
            var found = bench.Select(0.1f, result.GetProperty("iou_threshold").GetSingle(), null, opened.ClassNames);
            Assert.Equal((result.GetProperty("image_width").GetInt32(), result.GetProperty("image_height").GetInt32()),
                (bench.Letterbox.ImageWidth, bench.Letterbox.ImageHeight));
            foreach (var expected in result.GetProperty("detections").EnumerateArray()) AssertFound(expected, found, image, tolerance);
        }
    }

    [Theory]
    [InlineData("nms_helper_not_a_detector", "exactly one image")]
    [InlineData("ultraface_rfb_320", "[1, 4420, 2]")]
    public void Open_NoDetector_IsRefusedWithWhatWasFound(string model, string reason)
    {
        var refusal = Assert.Throws<UnservableModelException>(() => Loader.Open(GoldenFolder.Shared("models", $"{model}.onnx"), new ModelSpec()));
        Assert.Contains(reason, refusal.Message);
    }

    [Fact]
    public void Run_GoldenDataset_FindsAsManyBoxesAsTheReference()
    {
        const int reference = 766; // golden/models/quality.json: persons above 0.01 after class-wise suppression at 0.65
        var images = GoldenFolder.Shared("datasets", "pets09_s2l1", "images", "val");
        var opened = Loader.Open(GoldenFolder.Shared("models", "yolov8n_int8_640.onnx"), new ModelSpec());
        using var detector = opened.Detector;
        using var bench = new Workbench(new ImageOptions(), TimeProvider.System);
        var persons = 0;
        foreach (var image in Directory.GetFiles(images))
        {
            bench.Run(detector, File.ReadAllBytes(image), image, 0.01f);
            persons += bench.Select(0.01f, 0.65f, null, opened.ClassNames).Count(detection => detection.Name == "person");
        }
        Assert.InRange(persons, reference * 0.97, reference * 1.03);
    }

    static void AssertFound(JsonElement expected, Detection[] found, string image, double tolerance)
    {
        var score = expected.GetProperty("score").GetDouble();
        if (score < 0.4) return; // golden's rule of thumb: weaker ones may come and go
        var corners = expected.GetProperty("box_xyxy").EnumerateArray().Select(value => value.GetSingle()).ToArray();
        var box = new Box(corners[0], corners[1], corners[2] - corners[0], corners[3] - corners[1]);
        var match = found.Where(detection => detection.Class == expected.GetProperty("class_id").GetInt32())
            .MaxBy(detection => Box.IoU(detection.ToBox(), box));
        Assert.True(match is not null && Box.IoU(match.ToBox(), box) >= 0.9, $"{image}: {expected.GetProperty("name")} {score} is missing");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{image} {expected.GetProperty("name")} {score:F3} found {match.Confidence:F3} IoU {Box.IoU(match.ToBox(), box):F3}");
        Assert.InRange(match.Confidence, score - tolerance, score + tolerance);
    }
}
