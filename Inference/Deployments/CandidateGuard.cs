using RetrainLoop.Inference.Execution;

namespace RetrainLoop.Inference.Deployments;

/// <summary>Holds the breaker of one candidate in this replica.</summary>
sealed partial class CandidateGuard(string deployment, ModelRef? candidate, TimeProvider time, ILogger logger)
{
    readonly Lock gate = new();
    Breaker breaker;

    public ModelRef? Candidate => candidate;

    /// <summary>Whether the candidate gets nothing for now, not even what waits for it.</summary>
    public bool IsOpen
    {
        get
        {
            lock (gate) return breaker.Position == BreakerPosition.Open;
        }
    }

    public bool Allows()
    {
        lock (gate)
        {
            (var allowed, breaker) = breaker.Ask(time.GetUtcNow());
            return allowed;
        }
    }

    public void Report(BreakerEvent outcome)
    {
        BreakerPosition before, after;
        lock (gate)
        {
            before = breaker.Position;
            breaker = breaker.After(outcome, time.GetUtcNow());
            after = breaker.Position;
        }
        if (after == BreakerPosition.Open && before != BreakerPosition.Open) LogOpened(deployment, candidate, outcome, breaker.Until);
        if (after == BreakerPosition.Closed && before == BreakerPosition.HalfOpen) LogClosed(deployment, candidate);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "{Deployment}: the candidate {Candidate} {Outcome}; the champion takes all traffic here until {Until:O}")]
    partial void LogOpened(string deployment, ModelRef? candidate, BreakerEvent outcome, DateTimeOffset until);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Deployment}: the candidate {Candidate} answers again")]
    partial void LogClosed(string deployment, ModelRef? candidate);
}
