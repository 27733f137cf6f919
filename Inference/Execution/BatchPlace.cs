namespace RetrainLoop.Inference.Execution;

/// <summary>One image's place in a batch, for one thread: fill it, report that, wait, read the result, dispose of the place.</summary>
sealed class BatchPlace(Batcher batcher, Batch batch, int index) : IDisposable
{
    bool filled;

    public Batch Batch => batch;
    public int Index => index;

    public void Fill()
    {
        filled = true;
        batcher.Filled(batch);
    }

    /// <exception cref="OperationCanceledException">The waiting was given up; the others of the batch are not disturbed.</exception>
    public void Wait(CancellationToken cancellationToken)
    {
        try
        {
            batch.Completed.Wait(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            batcher.GaveUp(batch);
            throw;
        }
    }

    public void Dispose()
    {
        if (!filled) batcher.Filled(batch);
        batcher.Left(batch);
    }
}
