using System.Collections.Concurrent;

namespace RetrainLoop.Inference.Requests;

/// <summary>How many failures of one kind may still be remembered in the running minute.</summary>
sealed class FailureAllowance(int perMinute)
{
    readonly ConcurrentDictionary<(string Deployment, RequestOutcome Outcome), (long Minute, int Taken)> taken = [];

    /// <summary>Takes one, or says that the minute's are used up.</summary>
    public bool TryTake(string deployment, RequestOutcome outcome, DateTimeOffset now)
    {
        var minute = now.UtcTicks / TimeSpan.TicksPerMinute;
        var after = taken.AddOrUpdate((deployment, outcome), _ => (minute, 1),
            (_, window) => window.Minute == minute ? (minute, window.Taken + 1) : (minute, 1));
        return after.Taken <= perMinute;
    }
}
