namespace RetrainLoop.Inference.Execution;

public enum BreakerPosition
{
    /// <summary>The candidate takes part in traffic.</summary>
    Closed,
    /// <summary>All traffic goes to the champion until a time.</summary>
    Open,
    /// <summary>One frame tries the candidate; its outcome decides.</summary>
    HalfOpen,
}

public enum BreakerEvent { Succeeded, Failed, Stalled }

/// <summary>
/// Decides in each replica, with every other service dead, whether the candidate may answer. It opens on one stall, on three failures in a row, or
/// when half of the last twenty frames failed; it stays open for 30 s, doubled with each failed trial up to 10 minutes. Pure.
/// </summary>
/// <param name="Failures">Bits of the last twenty outcomes, the newest lowest; 1 = failed.</param>
/// <param name="Seen">How many of them there are.</param>
/// <param name="Trials">How often it opened since the candidate last succeeded.</param>
/// <param name="Until">While open: when a trial is due.</param>
public readonly record struct Breaker(BreakerPosition Position, uint Failures, int Seen, int Trials, DateTimeOffset Until)
{
    const int Window = 20, FailuresInARow = 3;
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(30), LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>Whether the next frame may go to the candidate, and the breaker after that decision.</summary>
    public (bool Allowed, Breaker Next) Ask(DateTimeOffset now) => Position switch
    {
        BreakerPosition.Closed => (true, this),
        BreakerPosition.Open when now >= Until => (true, this with { Position = BreakerPosition.HalfOpen, Until = now + Pause }),
        // A trial whose outcome never came is repeated.
        BreakerPosition.HalfOpen when now >= Until => (true, this with { Until = now + Pause }),
        _ => (false, this),
    };

    /// <summary>The breaker after an outcome of the candidate.</summary>
    public Breaker After(BreakerEvent outcome, DateTimeOffset now) => (Position, outcome) switch
    {
        (BreakerPosition.Open, _) => this, // frames that were under way when it opened
        (BreakerPosition.HalfOpen, BreakerEvent.Succeeded) => default,
        (BreakerPosition.HalfOpen, _) => Opened(now),
        (_, BreakerEvent.Stalled) => Opened(now),
        _ => Counted(outcome == BreakerEvent.Failed, now),
    };

    Breaker Counted(bool failed, DateTimeOffset now)
    {
        var failures = (Failures << 1 | (failed ? 1u : 0)) & (1u << Window) - 1;
        var seen = Math.Min(Seen + 1, Window);
        var row = (1u << FailuresInARow) - 1;
        var tooMany = (failures & row) == row || seen == Window && 2 * uint.PopCount(failures) >= Window;
        var counted = this with { Failures = failures, Seen = seen };
        return failed && tooMany ? counted.Opened(now) : counted;
    }

    Breaker Opened(DateTimeOffset now)
    {
        var pause = Pause * Math.Pow(2, Math.Min(Trials, 10));
        return new Breaker(BreakerPosition.Open, 0, 0, Trials + 1, now + (pause < LongestPause ? pause : LongestPause));
    }
}
