using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Models;

namespace RetrainLoop.Tests.Inference.Execution;

/// <summary>Every kind of detector that is served, as tiny networks whose answer is known.</summary>
public sealed class DetectorFormatTests
{
    const byte Red = 200, Blue = 51;
    static readonly byte[] Picture = TestImage.Colored(Red, 0, Blue);

    public static TheoryData<string, TinyDetector> Formats()
    {
        var formats = new TheoryData<string, TinyDetector>();
        foreach (var head in Enum.GetValues<TinyHead>())
        {
            formats.Add($"{head}, float32", new TinyDetector(head));
            formats.Add($"{head}, float16", new TinyDetector(head) { Type = TinyDetector.Half });
            formats.Add($"{head}, uint8 planes", new TinyDetector(head) { Type = TinyDetector.Byte });
            formats.Add($"{head}, uint8 pixels", new TinyDetector(head) { Type = TinyDetector.Byte, ChannelsLast = true });
            formats.Add($"{head}, dynamic batch and size", new TinyDetector(head) { Batch = -1, Size = -1 });
            formats.Add($"{head}, fixed batch", new TinyDetector(head) { Batch = 3 });
        }
        return formats;
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Open_SupportedFormat_FindsTheBoxWithItsScore(string format, TinyDetector network)
    {
        using var model = new OpenedModel(network.ToOnnx());
        AssertFound(model.Detect(Picture), network.Head, format);
        Assert.Equal((TinyModel.Size, 32), (model.Opened.ImageSize, model.Opened.Stride));
    }

    [Theory]
    [InlineData(TinyHead.Yolov8, TinyDetector.Float, 1)]
    [InlineData(TinyHead.Yolov8, TinyDetector.Half, -1)]
    [InlineData(TinyHead.Yolox, TinyDetector.Float, -1)]
    public void Open_FedWithBytes_AnswersTheSame(TinyHead head, int type, int batch)
    {
        using var model = new OpenedModel(new TinyDetector(head) { Type = type, Batch = batch }.ToOnnx(),
            new ExecutionOptions { ByteInput = ByteInput.Always });
        Assert.True(model.Opened.Detector.Input is { IsByte: true, Interleaved: true });
        AssertFound(model.Detect(Picture), head, "fed with bytes");
    }

    [Fact]
    public void Open_FloatChannelsLast_IsRefusedWithWhatWasFound() =>
        AssertRefused(new TinyDetector(TinyHead.Yolov8) { ChannelsLast = true }, "'images' [1, 64, 64, 3] Float", "uint8 [batch, height, width, 3]");

    [Fact]
    public void Open_HugeFixedBatch_IsRefused() => AssertRefused(new TinyDetector(TinyHead.Yolov8) { Batch = 100 }, "a fixed batch of 100", "dynamic");

    [Fact]
    public void Open_LargePicturesInAFixedBatch_IsRefused() =>
        AssertRefused(new TinyDetector(TinyHead.Yolov8) { Batch = 64, Size = 4096 }, "[64, 3, 4096, 4096]", "3221225472 values", "smaller batch");

    [Fact]
    public void Open_FailingOnItsWarmUp_IsRefused() => AssertRefused(new TinyDetector(TinyHead.Yolov8) { FailsAbove = 1 }, "warm-up frame", "Gather");

    static void AssertRefused(TinyDetector network, params string[] parts)
    {
        var refusal = Assert.Throws<UnservableModelException>(() => new OpenedModel(network.ToOnnx()));
        Assert.All(parts, part => Assert.Contains(part, refusal.Message, StringComparison.Ordinal));
    }

    static void AssertFound(Detection[] found, TinyHead head, string format)
    {
        var box = Assert.Single(found);
        // YOLOX wants blue first, everybody else red.
        var score = (head == TinyHead.Yolox ? Blue : Red) / 255f;
        Assert.True(MathF.Abs(box.Confidence - score) < 0.001f, $"{format}: score {box.Confidence}, not {score}");
        Assert.Equal(("nut", 1), (box.Name, box.Class));
        Assert.Equal([22, 11, 20, 10], new[] { box.X, box.Y, box.Width, box.Height }.Select(value => Math.Round(value, 1)));
    }
}
