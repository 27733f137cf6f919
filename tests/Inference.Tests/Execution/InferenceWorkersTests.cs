using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Images;

namespace RetrainLoop.Tests.Inference.Execution;

public sealed class InferenceWorkersTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)] // a run that cannot be interrupted: it is left behind
    public async Task Stop_RunThatDoesNotEnd_IsStoppedAndDoesNotKeepTheService(bool heedsStop)
    {
        var queue = new FrameQueue(4, 1);
        var workers = Workers(queue, count: 1);
        await workers.StartAsync(CancellationToken.None);
        var (work, waiting) = (new BlockingWork { HeedsStop = heedsStop }, new BlockingWork());
        queue.TryAdd("line", work);
        queue.TryAdd("line", waiting);
        await Eventually.TrueAsync(() => Task.FromResult(work.HasBegun), "the work is under way");
        await workers.StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, CancellationToken.None);
        Assert.False(work.Expire()); // it was given up
        Assert.False(waiting.HasBegun);
        work.LetGo();
    }

    [Fact]
    public async Task Watchdog_WorkOverItsLimit_IsGivenUpOnceAndOtherWorkIsNot()
    {
        var queue = new FrameQueue(4, 2);
        var workers = Workers(queue, limitMs: 100);
        await workers.StartAsync(CancellationToken.None);
        var (limited, unlimited) = (new BlockingWork { HasLimit = true }, new BlockingWork { HeedsStop = true });
        queue.TryAddBackground(limited);
        queue.TryAdd("line", unlimited);
        await Eventually.TrueAsync(() => Task.FromResult(limited.Overruns > 0 && unlimited.HasBegun), "the limit is enforced");
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken); // some looks later
        Assert.Equal((1, 0), (limited.Overruns, unlimited.Overruns));
        Assert.True(unlimited.Expire());
        limited.LetGo();
        unlimited.LetGo();
        await workers.StopAsync(CancellationToken.None);
    }

    static InferenceWorkers Workers(FrameQueue queue, int limitMs = 60_000, int count = 2)
    {
        var options = Options.Create(new ExecutionOptions { Provider = RequestedProvider.Cpu, Workers = count, BackgroundLimitMs = limitMs });
        return new InferenceWorkers(queue, new ExecutionProvider(options, NullLogger<ExecutionProvider>.Instance), options,
            Options.Create(new ImageOptions()), TimeProvider.System, NullLogger<InferenceWorkers>.Instance);
    }
}
