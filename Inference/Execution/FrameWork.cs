namespace RetrainLoop.Inference.Execution;

/// <summary>
/// One image that waits for a worker, computes there and ends, unless it is given up before: by those who wait for it, by the workers' watchdog, or
/// because the service stops. What it holds is released once its worker is through with it.
/// </summary>
abstract class FrameWork(TimeProvider time)
{
    const int Waiting = 0, Running = 1, Finished = 2, GivenUp = 3;
    readonly Lock gate = new();
    int state;
    long began;
    Workbench? bench;

    /// <summary>How long it has been computing; zero while it waits.</summary>
    public TimeSpan Computing => Began is var since and not 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    protected TimeProvider Time => time;

    /// <summary>Timestamp at which a worker took it; 0 while it waits.</summary>
    protected long Began => Volatile.Read(ref began);

    protected bool IsGivenUp => Volatile.Read(ref state) == GivenUp;

    /// <summary>Does the work on the calling worker thread. What goes wrong is part of the result: it never throws.</summary>
    public void Execute(Workbench workbench)
    {
        try
        {
            if (Begin(workbench)) Compute(workbench);
        }
        finally
        {
            End();
            Release();
        }
    }

    /// <summary>Gives the frame up: one that waits is not begun, one that computes is interrupted.</summary>
    /// <returns>False when it has finished or was given up before.</returns>
    public bool Expire()
    {
        lock (gate)
        {
            if (state is Finished or GivenUp) return false;
            state = GivenUp;
            bench?.Interrupt();
            return true;
        }
    }

    /// <summary>Gives the frame up when it computes for longer than its kind may.</summary>
    public void Enforce(ExecutionOptions options)
    {
        if (LimitOf(options) is { } limit && Computing >= limit && Expire()) Overran(limit);
    }

    /// <summary>Gives the frame up because the service stops, or because nobody wants it any more.</summary>
    public void Stop()
    {
        if (Expire()) Stopped();
    }

    /// <summary>Instead of <see cref="Execute"/>, when it comes to no worker.</summary>
    public void Abandon()
    {
        Stop();
        Release();
    }

    /// <summary>Computes and, after <see cref="End"/>, answers. It never throws.</summary>
    protected abstract void Compute(Workbench workbench);

    /// <summary>How long it may compute; null when those who wait for it decide.</summary>
    protected virtual TimeSpan? LimitOf(ExecutionOptions options) => null;

    /// <summary>It was given up because it reached its limit. Its worker may still be on it.</summary>
    protected virtual void Overran(TimeSpan limit)
    {
    }

    /// <summary>It was stopped. Its worker may still be on it.</summary>
    protected abstract void Stopped();

    /// <summary>Lets go of model and bytes.</summary>
    protected abstract void Release();

    /// <summary>From here on it cannot be given up.</summary>
    /// <returns>False when it was given up before.</returns>
    protected bool End()
    {
        lock (gate)
        {
            bench?.Resume();
            bench = null;
            if (state == GivenUp) return false;
            state = Finished;
            return true;
        }
    }

    bool Begin(Workbench workbench)
    {
        lock (gate)
        {
            if (state != Waiting) return false;
            state = Running;
            bench = workbench;
            Volatile.Write(ref began, time.GetTimestamp());
            return true;
        }
    }
}
