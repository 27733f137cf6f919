namespace RetrainLoop.Inference.Execution;

/// <summary>Decides when a session that is free runs what waits for it, and at which size. Pure; knows no provider.</summary>
/// <param name="MaxBatch">Most images of one run.</param>
/// <param name="MaxDelay">How long the first image of a batch waits for others at most.</param>
/// <param name="Fixed">The network takes exactly <paramref name="MaxBatch"/> images: fewer are filled up.</param>
readonly record struct BatchRules(int MaxBatch, TimeSpan MaxDelay, bool Fixed = false)
{
    /// <summary>How long to wait for more images; zero = run now. Without images that are on their way nobody is waited for.</summary>
    /// <param name="ready">Images that could run now.</param>
    /// <param name="coming">Images that are being decoded for this session.</param>
    /// <param name="waited">Since the first of them was ready.</param>
    public TimeSpan Wait(int ready, int coming, TimeSpan waited)
    {
        if (ready == 0) return Timeout.InfiniteTimeSpan;
        return ready >= MaxBatch || coming == 0 || waited >= MaxDelay ? TimeSpan.Zero : MaxDelay - waited;
    }

    /// <summary>The sizes that are warmed up and run: powers of two and the largest. A GPU tunes itself anew for every size it meets, so a batch is
    /// filled up to one of few.</summary>
    public IReadOnlyList<int> Sizes => Fixed ? [MaxBatch] : [.. Powers(MaxBatch), MaxBatch];

    /// <summary>The size at which this many images run.</summary>
    public int SizeOf(int images)
    {
        if (Fixed) return MaxBatch;
        var size = 1;
        while (size < images) size *= 2;
        return Math.Min(size, MaxBatch);
    }

    static IEnumerable<int> Powers(int below)
    {
        for (var size = 1; size < below; size *= 2) yield return size;
    }
}
