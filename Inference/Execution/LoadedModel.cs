namespace RetrainLoop.Inference.Execution;

/// <summary>
/// A model version in memory with the number of those who use it. A frame that was begun on it finishes on it; the last one to let go frees it.
/// </summary>
sealed class LoadedModel(ModelVersionInfo info, Detector detector, Action<LoadedModel> freed)
{
    int users = 1;

    public ModelVersionInfo Info => info;
    public Detector Detector => detector;

    /// <summary>False when it is being freed: look up what serves now.</summary>
    public bool TryAcquire()
    {
        var seen = Volatile.Read(ref users);
        while (seen > 0)
        {
            var before = Interlocked.CompareExchange(ref users, seen + 1, seen);
            if (before == seen) return true;
            seen = before;
        }
        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref users) > 0) return;
        freed(this);
        detector.Dispose();
    }
}
