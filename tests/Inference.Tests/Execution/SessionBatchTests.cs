using Microsoft.ML.OnnxRuntime;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Tests.Inference.Execution;

/// <summary>The batching that a GPU gets, with real sessions on the CPU.</summary>
public sealed class SessionBatchTests
{
    static readonly ExecutionOptions InBatches = new() { Provider = RequestedProvider.Cpu, MaxBatch = 4, MaxBatchDelayMs = 50 };

    [Theory]
    [InlineData(-1, 4)]
    [InlineData(1, 1)] // a network that takes one image is not batched
    [InlineData(6, 6)]
    public async Task Run_ManyThreadsOnOneSession_GetTheirOwnAnswers(int batch, int expectedLimit)
    {
        using var model = new OpenedModel(new TinyDetector(TinyHead.Yolov8) { Batch = batch }.ToOnnx(), InBatches);
        Assert.Equal(expectedLimit, model.Opened.Detector.Batcher?.Rules.MaxBatch ?? 1);
        await OnThreadsAsync(8, thread =>
        {
            using var bench = new Workbench(new ImageOptions(), TimeProvider.System);
            for (var i = 0; i < 20; i++)
            {
                var level = (byte)(20 + thread * 25 + i);
                bench.Run(model.Opened.Detector, TestImage.Gray(level), "picture", 0.01f);
                Assert.Equal(level / 255f, Assert.Single(bench.Select(0.05f, 0.7f, null, model.Opened.ClassNames)).Confidence, 1e-4f);
            }
        });
    }

    [Fact]
    public async Task Run_OneImageFails_TheOthersOfItsBatchDoNot()
    {
        using var model = new OpenedModel(new TinyDetector(TinyHead.Yolov8) { Batch = -1, FailsAbove = 8 }.ToOnnx(), InBatches);
        await OnThreadsAsync(4, thread =>
        {
            using var bench = new Workbench(new ImageOptions(), TimeProvider.System);
            for (var i = 0; i < 20; i++)
            {
                if (thread == 0) Assert.Throws<OnnxRuntimeException>(() => bench.Run(model.Opened.Detector, TestImage.Gray(250), "picture", 0.01f));
                else
                {
                    bench.Run(model.Opened.Detector, TestImage.Gray(100), "picture", 0.01f);
                    Assert.Single(bench.Select(0.05f, 0.7f, null, model.Opened.ClassNames));
                }
            }
        });
    }

    [Fact]
    public void Open_ModelWithALimitOfItsOwn_KeepsIt()
    {
        using var model = new OpenedModel(new TinyDetector(TinyHead.Yolov8) { Batch = -1 }.ToOnnx(), InBatches,
            new ModelSpec(Batching: new ModelBatching(MaxBatch: 2, MaxDelayMs: 7)));
        Assert.Equal(new BatchRules(2, TimeSpan.FromMilliseconds(7)), model.Opened.Detector.Batcher!.Rules);
    }

    static Task OnThreadsAsync(int count, Action<int> work) => Task.WhenAll([.. Enumerable.Range(0, count).Select(thread => Task.Factory.StartNew(
        () => work(thread), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))]);
}
