namespace RetrainLoop.Simulator.Line;

/// <summary>A value with a signal: who acts on it learns when it is replaced. Thread safe.</summary>
public sealed class Watched<T>(T initial)
{
    readonly Lock gate = new();
    T value = initial;
    CancellationTokenSource changed = new();

    /// <summary>The value and a token that is cancelled when it is replaced.</summary>
    public (T Value, CancellationToken Changed) Current
    {
        get { lock (gate) return (value, changed.Token); }
    }

    /// <summary>Replaces the value and wakes who waits for that.</summary>
    public T Replace(Func<T, T> update)
    {
        CancellationTokenSource before;
        T after;
        lock (gate)
        {
            after = value = update(value);
            (before, changed) = (changed, new CancellationTokenSource());
        }
        before.Cancel();
        return after;
    }

    /// <summary>Writes something down that nobody waits for.</summary>
    public void Note(Func<T, T> update)
    {
        lock (gate) value = update(value);
    }
}
