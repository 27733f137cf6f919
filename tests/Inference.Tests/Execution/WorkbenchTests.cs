using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Tests.Inference.Execution;

public sealed class WorkbenchTests
{
    [Theory]
    [InlineData(TinyDetector.Float)]
    [InlineData(TinyDetector.Half)]
    public void Trim_AfterAHugeInput_GivesItsMemoryBackAndWorksOn(int type)
    {
        const int hugeBytes = 3 * 2560 * 2560 * sizeof(float);
        var onnx = new TinyDetector(TinyHead.EndToEnd) { Size = -1, Type = type }.ToOnnx();
        using OpenedModel huge = new(onnx, spec: new ModelSpec(ImageSize: 2560)), usual = new(onnx);
        using var bench = new Workbench(new ImageOptions(), TimeProvider.System);
        bench.Run(huge.Opened.Detector, TestImage.Gray(102), "picture", 0.01f);
        Assert.True(bench.HeldBytes >= hugeBytes);
        bench.Trim();
        Assert.True(bench.HeldBytes < hugeBytes, $"{bench.HeldBytes} bytes are held");
        bench.Run(usual.Opened.Detector, TestImage.Gray(102), "picture", 0.01f);
        Assert.Equal(0.4f, Assert.Single(bench.Select(0.05f, 0.7f, null, usual.Opened.ClassNames)).Confidence, 1e-3f);
    }

    [Fact]
    public void Run_DetectorThatGivesMemoryBack_AnswersTheSameAndCanBeInterrupted()
    {
        using var model = new OpenedModel(new TinyDetector(TinyHead.Yolov8).ToOnnx());
        model.Opened.Detector.GivesMemoryBack = true;
        using var bench = new Workbench(new ImageOptions(), TimeProvider.System);
        bench.Interrupt();
        Assert.ThrowsAny<Exception>(() => bench.Run(model.Opened.Detector, TestImage.Gray(102), "picture", 0.01f));
        bench.Resume();
        bench.Run(model.Opened.Detector, TestImage.Gray(102), "picture", 0.01f);
        Assert.Equal(0.4f, Assert.Single(bench.Select(0.05f, 0.7f, null, model.Opened.ClassNames)).Confidence, 1e-4f);
    }
}
