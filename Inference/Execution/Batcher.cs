namespace RetrainLoop.Inference.Execution;

/// <summary>
/// Brings images of many threads together into runs of one session, which a thread of its own calls. A thread announces an image when it begins to
/// decode it, takes a place once it has its pixels, fills the place and waits there for the run. Knows no provider and no network: when a batch
/// runs is the decision of <see cref="BatchRules"/>, what running means that of <see cref="Batch"/>.
/// </summary>
sealed class Batcher : IDisposable
{
    readonly IReadOnlyList<Batch> batches;
    readonly TimeProvider time;
    readonly object gate = new();
    readonly Thread thread;
    Batch? forming;
    int coming;
    long opened;
    bool stopped;

    /// <param name="batches">At least two, so that one is filled while another runs.</param>
    public Batcher(BatchRules rules, IReadOnlyList<Batch> batches, TimeProvider time, string name)
    {
        (Rules, this.batches, this.time) = (rules, batches, time);
        thread = new Thread(Work) { IsBackground = true, Name = name };
        thread.Start();
    }

    public BatchRules Rules { get; }

    /// <summary>An image is on its way: others that are ready may wait for it. Followed by <see cref="Take"/> or <see cref="Withdraw"/>.</summary>
    public void Announce()
    {
        lock (gate) coming++;
    }

    /// <summary>The announced image does not come.</summary>
    public void Withdraw()
    {
        lock (gate)
        {
            coming--;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>A place for the announced image; blocks while all batches are under way.</summary>
    /// <exception cref="ObjectDisposedException">The session is closed.</exception>
    /// <exception cref="OperationCanceledException">The waiting was given up, and the image withdrawn.</exception>
    public BatchPlace Take(CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (!stopped && (forming ??= Open()) is null) AwaitBatch(cancellationToken);
            ObjectDisposedException.ThrowIf(stopped, this);
            var batch = forming!;
            var place = new BatchPlace(this, batch, batch.Taken++);
            if (batch.Taken == Rules.MaxBatch) forming = null;
            return place;
        }
    }

    /// <summary>Ends the thread and the run that is under way. Nobody may wait for a place any more.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopped = true;
            foreach (var batch in batches.Where(batch => batch.State == BatchState.Running)) batch.Interrupt();
            Monitor.PulseAll(gate);
        }
        thread.Join();
        foreach (var batch in batches) batch.Dispose();
    }

    internal void Filled(Batch batch)
    {
        lock (gate)
        {
            coming--;
            if (batch.Filled++ == 0) batch.FirstFilled = time.GetTimestamp();
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Nobody waits for this image any more; a run that nobody waits for is ended, or not begun.</summary>
    internal void GaveUp(Batch batch)
    {
        lock (gate)
            if (++batch.GivenUp == batch.Taken && batch.State == BatchState.Running) batch.Interrupt();
    }

    internal void Left(Batch batch)
    {
        lock (gate)
        {
            batch.Left++;
            Recycle(batch);
        }
    }

    void AwaitBatch(CancellationToken cancellationToken)
    {
        var wake = cancellationToken.UnsafeRegister(static batcher => ((Batcher)batcher!).Wake(), this);
        try
        {
            while (!stopped && (forming ??= Open()) is null)
            {
                if (cancellationToken.IsCancellationRequested) Withdraw();
                cancellationToken.ThrowIfCancellationRequested();
                Monitor.Wait(gate);
            }
        }
        finally
        {
            wake.Unregister(); // it does not wait for a call that is under way, which waits for the gate
        }
    }

    void Wake()
    {
        lock (gate) Monitor.PulseAll(gate);
    }

    Batch? Open()
    {
        foreach (var batch in batches)
        {
            if (batch.State != BatchState.Free) continue;
            batch.State = BatchState.Filling;
            batch.Order = ++opened;
            return batch;
        }
        return null;
    }

    void Recycle(Batch batch)
    {
        if (batch.State != BatchState.Done || batch.Left < batch.Taken) return;
        batch.Reset();
        Monitor.PulseAll(gate);
    }

    void Work()
    {
        while (NextRun() is { } batch)
        {
            batch.Run(Rules.SizeOf(batch.Taken));
            // Whoever wakes up now cannot have the batch recycled before it is marked as done.
            batch.Completed.Set();
            lock (gate)
            {
                batch.State = BatchState.Done;
                Recycle(batch);
            }
        }
    }

    /// <summary>Waits for a batch that shall run and has all its places filled; null when stopped.</summary>
    Batch? NextRun()
    {
        lock (gate)
        {
            while (!stopped)
            {
                var batch = batches.Where(batch => batch.State == BatchState.Filling && batch.Taken > 0).MinBy(batch => batch.Order);
                var wait = batch is null ? Timeout.InfiniteTimeSpan
                    : Rules.Wait(batch.Filled, coming, batch.Filled == 0 ? TimeSpan.Zero : time.GetElapsedTime(batch.FirstFilled));
                if (wait == TimeSpan.Zero && batch == forming) forming = null; // what comes now goes into the next one
                if (batch is not null && batch != forming && batch.Filled == batch.Taken)
                {
                    if (batch.GivenUp < batch.Taken)
                    {
                        batch.State = BatchState.Running;
                        return batch;
                    }
                    batch.State = BatchState.Done; // nobody would be there to end the run
                    Recycle(batch);
                    continue;
                }
                Monitor.Wait(gate, wait > TimeSpan.Zero ? wait : Timeout.InfiniteTimeSpan);
            }
            return null;
        }
    }
}
