using RetrainLoop.Inference.Execution;

namespace RetrainLoop.Tests.Inference.Execution;

public sealed class FrameQueueTests
{
    [Fact]
    public void TryAdd_FullDeployment_IsRefusedAndOthersAreNot()
    {
        var queue = new FrameQueue(2, 2);
        Assert.True(queue.TryAdd("a", new Named("a1")));
        Assert.True(queue.TryAdd("a", new Named("a2")));
        Assert.False(queue.TryAdd("a", new Named("a3")));
        Assert.True(queue.TryAdd("b", new Named("b1")));
    }

    [Fact]
    public void Take_SeveralDeployments_TakesTurns()
    {
        var queue = new FrameQueue(10, 2);
        foreach (var name in new[] { "a1", "a2", "a3", "b1", "c1" }) queue.TryAdd(name[..1], new Named(name));
        Assert.Equal(["a1", "b1", "c1", "a2", "a3"], Enumerable.Range(0, 5).Select(_ => Take(queue)));
    }

    [Fact]
    public async Task Take_BackgroundBesideLive_WaitsAndLeavesAWorkerFree()
    {
        var queue = new FrameQueue(10, workers: 2);
        queue.TryAddBackground(new Named("job1"));
        queue.TryAddBackground(new Named("job2"));
        queue.TryAdd("a", new Named("live1"));
        Assert.Equal("live1", Take(queue));
        Assert.Equal("job1", Take(queue));
        var next = Task.Run(() => Take(queue)); // one of two workers is on background work: the other one waits for live frames
        queue.TryAdd("a", new Named("live2"));
        Assert.Equal("live2", await next);
        queue.BackgroundDone();
        Assert.Equal("job2", Take(queue));
    }

    [Fact]
    public void Take_ShadowsBesideJobs_ComeFirstAndWithinABoundOfTheirOwn()
    {
        var queue = new FrameQueue(10, workers: 4);
        for (var job = 1; job <= 3; job++) Assert.True(queue.TryAddBackground(new Named($"job{job}")));
        Assert.True(queue.TryAddShadow(new Named("shadow1"), 2));
        Assert.True(queue.TryAddShadow(new Named("shadow2"), 2));
        Assert.False(queue.TryAddShadow(new Named("shadow3"), 2));
        queue.TryAdd("a", new Named("live"));
        Assert.Equal(["live", "shadow1", "shadow2", "job1"], Enumerable.Range(0, 4).Select(_ => Take(queue)));
    }

    [Fact]
    public void Take_ManyShadows_LeaveJobsTheirTurn()
    {
        var queue = new FrameQueue(10, workers: 2);
        for (var shadow = 1; shadow <= 6; shadow++) queue.TryAddShadow(new Named($"shadow{shadow}"), 10);
        for (var job = 1; job <= 2; job++) queue.TryAddBackground(new Named($"job{job}"));
        Assert.Equal(["shadow1", "shadow2", "shadow3", "job1", "shadow4", "shadow5", "shadow6", "job2"], Enumerable.Range(0, 8).Select(_ =>
        {
            var name = Take(queue);
            queue.BackgroundDone();
            return name;
        }));
    }

    [Fact]
    public void Stop_WaitingWork_IsAbandoned()
    {
        var queue = new FrameQueue(10, 2);
        var (live, shadow, background) = (new Named("live"), new Named("shadow"), new Named("background"));
        queue.TryAdd("a", live);
        queue.TryAddShadow(shadow, 10);
        queue.TryAddBackground(background);
        queue.Stop();
        Assert.True(live.Abandoned && shadow.Abandoned && background.Abandoned);
        Assert.False(queue.TryAddShadow(new Named("late"), 10) || queue.TryAddBackground(new Named("late")));
        Assert.Null(queue.Take(out _));
        Assert.False(queue.TryAdd("a", new Named("late")));
    }

    static string Take(FrameQueue queue) => ((Named)queue.Take(out _)!).Name;

    sealed class Named(string name) : FrameWork(TimeProvider.System)
    {
        public string Name => name;
        public bool Abandoned { get; private set; }
        protected override void Compute(Workbench workbench) { }
        protected override void Stopped() { }
        protected override void Release() => Abandoned = true;
    }
}
