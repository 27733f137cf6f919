using System.Globalization;

namespace RetrainLoop.Inference.Rollouts;

/// <summary>Where a rollout stands. A finished one stays on its last step.</summary>
public sealed record RolloutStatus(RolloutState State, int Step, DateTimeOffset StepStartedAt);

/// <summary>What can happen to a rollout.</summary>
public abstract record RolloutEvent
{
    /// <summary>A verdict on the step that the judge saw.</summary>
    public sealed record Judged(int ExpectedStep, Verdict Verdict) : RolloutEvent;
    public sealed record Pause : RolloutEvent;
    public sealed record Resume : RolloutEvent;
    public sealed record Promote : RolloutEvent;
    public sealed record Abort : RolloutEvent;
}

/// <summary>The status after an event, or the sentence that refuses it.</summary>
/// <param name="RetryAfter">How long the refusal holds, when time alone lifts it.</param>
public readonly record struct RolloutDecision(RolloutStatus? Next, string Refusal = "", TimeSpan? RetryAfter = null);

/// <summary>
/// The state machine of rollouts: Running(step) and Paused(step) until Succeeded or Aborted. Pure.
/// Passed advances a running rollout whose step has baked, from the last step it promotes; Failed aborts a running or paused one; Inconclusive
/// pauses;
/// Error changes nothing. A resumed step bakes anew. Promote and abort are a person's word and do not wait.
/// </summary>
public static class RolloutStateMachine
{
    public static RolloutStatus Start(DateTimeOffset now) => new(RolloutState.Running, 0, now);

    public static RolloutDecision Decide(RolloutStatus status, IReadOnlyList<RolloutStep> steps, RolloutEvent happened, DateTimeOffset now)
    {
        if (IsFinished(status)) return Refuse($"The rollout has {status.State.ToString().ToLowerInvariant()} already.");
        return happened switch
        {
            RolloutEvent.Judged judged when judged.ExpectedStep != status.Step =>
                Refuse($"The rollout is on step {status.Step}, not on {judged.ExpectedStep}: judge that one."),
            RolloutEvent.Judged { Verdict: Verdict.Passed } => Advance(status, steps, now),
            RolloutEvent.Judged { Verdict: Verdict.Failed } => To(status with { State = RolloutState.Aborted }),
            RolloutEvent.Judged { Verdict: Verdict.Inconclusive } => To(status with { State = RolloutState.Paused }),
            RolloutEvent.Judged => To(status),
            RolloutEvent.Pause => To(status with { State = RolloutState.Paused }),
            RolloutEvent.Resume when status.State == RolloutState.Running => To(status),
            RolloutEvent.Resume => To(new RolloutStatus(RolloutState.Running, status.Step, now)),
            RolloutEvent.Promote => To(status with { State = RolloutState.Succeeded }),
            _ => To(status with { State = RolloutState.Aborted }),
        };
    }

    public static bool IsFinished(RolloutStatus status) => status.State is RolloutState.Succeeded or RolloutState.Aborted;

    /// <summary>Share of traffic that the candidate answers.</summary>
    public static double Weight(RolloutStatus status, IReadOnlyList<RolloutStep> steps) => IsFinished(status) ? 0 : steps[status.Step].Weight;

    /// <summary>For the history: <c>shadow</c>, <c>5 %</c>, <c>paused at 5 %</c>, <c>succeeded</c>.</summary>
    public static string Describe(RolloutStatus status, IReadOnlyList<RolloutStep> steps)
    {
        if (IsFinished(status)) return status.State.ToString().ToLowerInvariant();
        var share = steps[status.Step].Weight == 0 ? "shadow"
            : string.Create(CultureInfo.InvariantCulture, $"{steps[status.Step].Weight * 100:0.##} %");
        return status.State == RolloutState.Paused ? $"paused at {share}" : share;
    }

    const double LongestBakeSeconds = 366 * 86_400;

    /// <summary>Why steps cannot be, or null.</summary>
    public static string? Wrong(IReadOnlyList<RolloutStep> steps)
    {
        if (steps.Count == 0) return "A rollout has at least one step.";
        if (steps.Any(step => step is not { Weight: >= 0 and <= 1, BakeSeconds: >= 0 and <= LongestBakeSeconds, MinimumRequests: >= 0 }))
            return "A step's weight is in [0, 1]; its bake time is at most a year, and its minimum requests are not negative.";
        return steps.Zip(steps.Skip(1)).All(pair => pair.First.Weight < pair.Second.Weight) ? null
            : "The weights of the steps rise from one to the next.";
    }

    static RolloutDecision Advance(RolloutStatus status, IReadOnlyList<RolloutStep> steps, DateTimeOffset now)
    {
        if (status.State == RolloutState.Paused) return Refuse("The rollout is paused: resume it first, or promote it.");
        var left = status.StepStartedAt.AddSeconds(steps[status.Step].BakeSeconds) - now;
        if (left > TimeSpan.Zero)
            return new RolloutDecision(null, string.Create(
                CultureInfo.InvariantCulture, $"Step {status.Step} bakes for {left.TotalSeconds:0.#} more seconds."), left);
        return To(status.Step + 1 < steps.Count
            ? new RolloutStatus(RolloutState.Running, status.Step + 1, now)
            : status with { State = RolloutState.Succeeded });
    }

    static RolloutDecision To(RolloutStatus next) => new(next);

    static RolloutDecision Refuse(string why) => new(null, why);
}
