namespace RetrainLoop.Inference.Execution;

/// <summary>How many bytes may be held at once, whoever holds them.</summary>
/// <param name="most">Bytes.</param>
sealed class ByteBudget(long most)
{
    long taken;

    public long Most => most;

    public long Taken => Volatile.Read(ref taken);

    /// <summary>False when there is not so much left; then nothing was taken.</summary>
    public bool TryTake(long bytes)
    {
        while (true)
        {
            var seen = Volatile.Read(ref taken);
            if (seen + bytes > most) return false;
            if (Interlocked.CompareExchange(ref taken, seen + bytes, seen) == seen) return true;
        }
    }

    public void Return(long bytes) => Interlocked.Add(ref taken, -bytes);
}
