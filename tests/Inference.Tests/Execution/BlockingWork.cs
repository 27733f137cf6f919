using RetrainLoop.Inference.Execution;

namespace RetrainLoop.Tests.Inference.Execution;

/// <summary>Live work that keeps its worker until it is let go.</summary>
sealed class BlockingWork() : FrameWork(TimeProvider.System)
{
    readonly ManualResetEventSlim begun = new(), free = new();

    public bool HasBegun => begun.IsSet;

    /// <summary>Occupies workers of a service; returns when they are busy.</summary>
    public static async Task<IReadOnlyList<BlockingWork>> OccupyAsync(FrameQueue queue, int workers)
    {
        var works = Enumerable.Range(0, workers).Select(_ => new BlockingWork()).ToList();
        foreach (var work in works) Assert.True(queue.TryAdd("blocked", work));
        await Eventually.TrueAsync(() => Task.FromResult(works.TrueForAll(work => work.HasBegun)), "the workers are busy");
        return works;
    }

    public void LetGo() => free.Set();

    /// <summary>Does what stopping it does to a run that heeds it.</summary>
    public bool HeedsStop { get; init; }

    /// <summary>Has the limit of background work.</summary>
    public bool HasLimit { get; init; }

    /// <summary>How often it was given up for that.</summary>
    public int Overruns { get; private set; }

    protected override TimeSpan? LimitOf(ExecutionOptions options) => HasLimit ? options.BackgroundLimit : null;

    protected override void Overran(TimeSpan limit) => Overruns++;

    protected override void Compute(Workbench workbench)
    {
        begun.Set();
        free.Wait();
    }

    protected override void Stopped()
    {
        if (HeedsStop) free.Set();
    }

    protected override void Release()
    {
    }
}
