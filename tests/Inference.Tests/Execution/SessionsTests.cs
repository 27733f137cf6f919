using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Tests.Inference.Execution;

/// <summary>On the CPU each worker has a session of its own, as far as memory allows.</summary>
public sealed class SessionsTests
{
    [Theory]
    [InlineData(1000, 1, 3, 3)]
    [InlineData(0, 1, 3, 1)] // a model that does not fit twice is shared
    [InlineData(1000, 4, 3, 1)] // batches have one thread
    public void Open_SeveralWorkers_OpensSessionsAsFarAsTheyFit(int megabytes, int maxBatch, int workers, int expected)
    {
        using var model = new OpenedModel(
            new TinyDetector(TinyHead.Yolov8) { Batch = -1 }.ToOnnx(),
            new ExecutionOptions { Provider = RequestedProvider.Cpu, SessionMegabytes = megabytes, MaxBatch = maxBatch }, workers: workers);
        Assert.Equal(expected, model.Opened.Detector.Sessions);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)] // more workers than sessions
    public void Run_EachWorkerOnItsSession_GivesTheSameAnswers(int sessions)
    {
        using var model = new OpenedModel(new TinyDetector(TinyHead.Yolov8).ToOnnx(), workers: sessions);
        foreach (var worker in new[] { 0, 1, 2 })
        {
            using var bench = new Workbench(new ImageOptions(), TimeProvider.System, worker);
            bench.Run(model.Opened.Detector, TestImage.Gray(102), "picture", 0.01f);
            Assert.Equal(0.4f, Assert.Single(bench.Select(0.05f, 0.7f, null, model.Opened.ClassNames)).Confidence, 1e-4f);
        }
    }
}
