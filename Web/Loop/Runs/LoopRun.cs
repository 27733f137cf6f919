using RetrainLoop.Web.Loop.Policies;

namespace RetrainLoop.Web.Loop.Runs;

/// <summary>One pass of the loop over one deployment.</summary>
/// <param name="Reason">Why it began.</param>
/// <param name="StartedBy">Who began it: <c>stack</c>, or a user's name.</param>
/// <param name="Policy">The deployment's policy as it was at the beginning; later changes count for the next pass.</param>
/// <param name="Hold">What the current stage waits for outside the loop, for example a service that is away; null when nothing.</param>
/// <param name="Closed">Whether what an ended pass had set in motion was put back.</param>
public sealed record LoopRun(
    Guid Id, string Deployment, LoopRunState State, string Reason, string StartedBy, RetrainPolicy Policy, LoopRunLineage Lineage,
    LoopRunProgress? Progress, LoopRunHold? Hold, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, bool Closed)
{
    /// <summary>The deterministic key of something that this pass asks of a service: the same after a crash, another one after a retry.</summary>
    public string Key(string what) => State.Attempt == 1 ? $"loop:{Id}:{what}" : $"loop:{Id}:{what}:{State.Attempt}";
}

/// <summary>Something outside the loop that a stage waits for, and since when.</summary>
public sealed record LoopRunHold(string Reason, DateTimeOffset Since);

/// <summary>A row of a pass's history.</summary>
/// <param name="From">Null for the first one.</param>
public sealed record LoopRunTransition(LoopRunStage? From, LoopRunStage To, string Reason, string Actor, DateTimeOffset At);

/// <summary>How far the current stage is, where that is known.</summary>
/// <param name="Unit">What is counted, for example <c>epochs</c>.</param>
/// <param name="Eta">When it will be done at the present pace; null while nobody can say.</param>
public sealed record LoopRunProgress(string Unit, double Done, double Total, DateTimeOffset? Eta)
{
    /// <summary>Extends the pace since the start of the stage to the rest.</summary>
    public static LoopRunProgress Of(string unit, double done, double total, DateTimeOffset since, DateTimeOffset now)
    {
        var shown = Math.Clamp(done, 0, total);
        var rest = shown > 0 && now > since ? (now - since) * ((total - shown) / shown) : (TimeSpan?)null;
        return new LoopRunProgress(unit, shown, total, rest < TimeSpan.FromDays(365) ? now + rest : null);
    }
}
