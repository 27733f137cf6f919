namespace RetrainLoop.Contracts;

/// <summary>One step of a rollout.</summary>
/// <param name="Weight">Share of traffic in [0, 1] that the candidate answers; 0 = shadow (it sees copies of frames, answers nobody).</param>
/// <param name="BakeSeconds">The least time on the step before it may advance.</param>
/// <param name="MinimumRequests">The least requests that the candidate must have served (or shadowed) on the step.</param>
public sealed record RolloutStep(double Weight, double BakeSeconds, int MinimumRequests);

/// <summary>Starts a rollout; the same key answers with the rollout it already made. Steps default to shadow, 5, 25, 50, 100 %.</summary>
public sealed record RolloutRequest(
    string Key, string Deployment, ModelRef Candidate, IReadOnlyList<RolloutStep>? Steps = null, string? LoopRun = null);

public enum RolloutState { Running, Paused, Succeeded, Aborted }

/// <summary>A rollout. <paramref name="Step"/> indexes <paramref name="Steps"/> from 0.</summary>
public sealed record RolloutInfo(
    Guid Id, string Key, string Deployment, ModelRef Candidate, ModelRef Champion, RolloutState State, int Step,
    IReadOnlyList<RolloutStep> Steps, DateTimeOffset StepStartedAt, string? LoopRun, IReadOnlyList<RolloutTransition> Transitions,
    DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

/// <summary>A row of a rollout's history.</summary>
public sealed record RolloutTransition(string From, string To, string Reason, string Actor, DateTimeOffset At);

/// <summary>
/// Asks a rollout to act on a verdict: Passed advances (from the last step: promotes), Failed aborts, Inconclusive pauses, Error changes nothing.
/// Refused with 409 when the rollout is no longer on <paramref name="ExpectedStep"/>.
/// </summary>
public sealed record RolloutAdvance(int ExpectedStep, Verdict Verdict, string Reason);

/// <summary>The body of pause, resume, promote and abort.</summary>
public sealed record RolloutCommand(string Reason);
