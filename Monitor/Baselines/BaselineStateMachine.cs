using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Baselines;

/// <summary>What a collecting baseline has so far.</summary>
public sealed record BaselineCollection(TimeSpan Elapsed, long Requests, long Detections);

/// <summary>What can happen to a baseline.</summary>
public abstract record BaselineEvent
{
    public sealed record Collected(BaselineCollection So) : BaselineEvent;

    /// <summary>A newer baseline of the deployment locked.</summary>
    public sealed record NewerLocked : BaselineEvent;
}

/// <summary>The next state, and how much of the collection is done in [0, 1].</summary>
public readonly record struct BaselineStep(BaselineState State, double Progress);

/// <summary>Collecting -> Locked when the window has passed and there is enough in it; either -> Superseded when a newer one locks. Pure.</summary>
public static class BaselineStateMachine
{
    public static BaselineStep Next(BaselineState state, BaselineEvent happened, BaselineOptions options) => (state, happened) switch
    {
        (BaselineState.Collecting, BaselineEvent.Collected collected) => Collect(collected.So, options),
        (BaselineState.Collecting, BaselineEvent.NewerLocked) => new(BaselineState.Superseded, 0),
        (BaselineState.Locked, BaselineEvent.NewerLocked) => new(BaselineState.Superseded, 1),
        _ => new(state, state == BaselineState.Collecting ? 0 : 1), // a locked baseline never changes what it holds
    };

    static BaselineStep Collect(BaselineCollection so, BaselineOptions options)
    {
        var progress = Math.Min(so.Elapsed / options.Window, Math.Min(Share(so.Requests, options.MinimumRequests), Share(so.Detections, options.MinimumDetections)));
        return progress >= 1 ? new(BaselineState.Locked, 1) : new(BaselineState.Collecting, Math.Max(0, progress));
    }

    static double Share(long have, long need) => need == 0 ? 1 : (double)have / need;
}
