namespace RetrainLoop.Inference.Execution;

enum BatchState { Free, Filling, Running, Done }

/// <summary>The images of one run and who waits for them. Its counts are guarded by its <see cref="Batcher"/>.</summary>
abstract class Batch : IDisposable
{
    internal BatchState State;
    /// <summary>Places: given out, filled, given up while waiting, and let go of.</summary>
    internal int Taken, Filled, GivenUp, Left;
    /// <summary>Timestamp at which the first place was filled.</summary>
    internal long FirstFilled;
    internal long Order;

    /// <summary>Set when the run is over.</summary>
    internal ManualResetEventSlim Completed { get; } = new(false, spinCount: 0);

    /// <summary>Runs the images of the taken places; what goes wrong is kept for those who wait. It never throws.</summary>
    /// <param name="size">At least the places that are taken: the size to run at.</param>
    public abstract void Run(int size);

    /// <summary>Makes a run that is under way fail soon.</summary>
    public abstract void Interrupt();

    /// <summary>Makes the batch ready for other images.</summary>
    public virtual void Reset()
    {
        State = BatchState.Free;
        Taken = Filled = GivenUp = Left = 0;
        Completed.Reset();
    }

    public virtual void Dispose() => Completed.Dispose();
}
