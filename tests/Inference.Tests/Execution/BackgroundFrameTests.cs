using RetrainLoop.Inference.DetectionJobs;
using RetrainLoop.Inference.Execution;

namespace RetrainLoop.Tests.Inference.Execution;

public sealed class BackgroundFrameTests
{
    static readonly DetectionJobRequest Request = new("job", new ModelRef("tiny", 1), "test");

    [Fact]
    public async Task RunAsync_CancelledWhileItWaits_EndsAtOnceAndKeepsTheModelUntilTheQueueLetsGo()
    {
        using var file = new OpenedModel(TinyModel.Create());
        var freed = false;
        var model = Loaded(file, _ => freed = true);
        var queue = new FrameQueue(4, 2); // nobody works on it
        using var cancellation = new CancellationTokenSource();
        var result = new JobFrame("gate", new FrameBytes([], 0), model, Request, TimeProvider.System).RunAsync(queue, cancellation.Token);
        Assert.False(result.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => result);
        model.Release(); // the job lets go
        Assert.False(freed);
        queue.Stop();
        Assert.True(freed);
    }

    [Fact]
    public async Task RunAsync_StoppedQueue_IsCancelledAndLetsTheModelGo()
    {
        using var file = new OpenedModel(TinyModel.Create());
        var freed = false;
        var model = Loaded(file, _ => freed = true);
        var queue = new FrameQueue(4, 2);
        queue.Stop();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new JobFrame("gate", new FrameBytes([], 0), model, Request, TimeProvider.System).RunAsync(queue, CancellationToken.None));
        model.Release();
        Assert.True(freed);
    }

    static LoadedModel Loaded(OpenedModel file, Action<LoadedModel> freed) => new(
        new ModelVersionInfo("tiny", 1, "", DetectorHead.Yolov8, TinyModel.Size, ["dark", "bright"], 32, new ArtifactRef("", "", 0), null, true,
            new ModelLineage(), new Dictionary<string, double>(), 0, DateTimeOffset.UnixEpoch), file.Opened.Detector, freed);
}
