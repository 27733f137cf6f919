namespace RetrainLoop.Inference.Execution;

/// <summary>
/// An image of a detection job or a replay, on worker time that live frames leave free. It has a use of its model of its own: whoever waits for it
/// gets an answer in time even when the run heeds no interruption.
/// </summary>
/// <param name="name">How to call the image in a refusal.</param>
/// <param name="bytes">Released once.</param>
/// <param name="model">In use by the caller until <see cref="RunAsync"/> is called.</param>
abstract class BackgroundFrame<TResult>(string name, FrameBytes bytes, LoadedModel model, TimeProvider time) : FrameWork(time)
{
    readonly TaskCompletionSource<TResult> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected string Name => name;
    protected ReadOnlySpan<byte> Bytes => bytes.Memory.Span;
    protected LoadedModel Model => model;

    /// <summary>Waits for a worker and for the result.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, or the service stops.</exception>
    /// <exception cref="StalledModelException">The model computed longer than <see cref="ExecutionOptions.BackgroundLimitMs"/>.</exception>
    public async Task<TResult> RunAsync(FrameQueue queue, CancellationToken cancellationToken)
    {
        model.TryAcquire();
        if (!queue.TryAddBackground(this)) Abandon();
        using var stop = cancellationToken.UnsafeRegister(static frame => ((FrameWork)frame!).Stop(), this);
        return await completion.Task;
    }

    /// <summary>Runs the model. What it throws is thrown to whoever waits.</summary>
    protected abstract TResult Detect(Workbench workbench);

    protected override void Compute(Workbench workbench)
    {
        try
        {
            var result = Detect(workbench);
            if (End()) completion.SetResult(result);
        }
        catch (Exception exception)
        {
            if (End()) completion.SetException(exception);
        }
    }

    protected override TimeSpan? LimitOf(ExecutionOptions options) => options.BackgroundLimit;

    protected override void Overran(TimeSpan limit) => completion.TrySetException(new StalledModelException(model.Info.Ref, name, limit));

    protected override void Stopped() => completion.TrySetCanceled();

    protected override void Release()
    {
        model.Release();
        bytes.Release();
    }
}
