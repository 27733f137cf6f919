using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts;

/// <summary>What a fact says about a rule.</summary>
public enum Observation { Fine, Breach, NoData, Error }

/// <summary>A rule's judgement of one closed minute, day, report or evaluation.</summary>
/// <param name="At">Its end.</param>
/// <param name="Limit">What the value is compared with, in the value's unit.</param>
/// <param name="Reference">What the limit was derived from; kept while the breach lasts, so that a long drop does not become the new normal.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Model">The model version that the fact is about, where it is about one.</param>
public sealed record RuleObservation(
    DateTimeOffset At, Observation Kind, double? Value, double? Limit, double? Reference, string Summary, ModelRef? Model = null);

/// <summary>Where one rule stands on one deployment.</summary>
/// <param name="Streak">Consecutive observations in breach.</param>
/// <param name="FiredAt">Of the current or latest firing; null when it never fired.</param>
/// <param name="Calm">Consecutive fine observations since the last breach.</param>
/// <param name="FoundLateAt">When telemetry that arrived late showed the current or latest firing; null = it was judged in its turn.</param>
public sealed record AlertStatus(
    AlertState State, DateTimeOffset Since, int Streak, double? Value, double? Limit, double? Reference, string Summary,
    DateTimeOffset? FiredAt, DateTimeOffset? ResolvedAt, int Calm = 0, ModelRef? Model = null, DateTimeOffset? FoundLateAt = null)
{
    public static AlertStatus New(DateTimeOffset now) => new(AlertState.Normal, now, 0, null, null, null, "Nothing judged yet.", null, null);

    /// <summary>Whether a firing has not been resolved; stays true while data are missing.</summary>
    public bool IsOpen => FiredAt is not null && ResolvedAt is null;
}

/// <summary>
/// Normal -> Pending -> Firing -> Resolved -> Normal, with NoData and Error from anywhere. A firing that loses its data is still open: it resolves, or
/// fires on, with the first facts that say something. Pure.
/// </summary>
public static class AlertStateMachine
{
    /// <summary>How long a resolved alert shows as resolved.</summary>
    public static readonly TimeSpan ShowResolved = TimeSpan.FromHours(1);

    /// <param name="needed">Breaches in a row that make it fire.</param>
    /// <param name="calmNeeded">Fine observations in a row that resolve it; 0 counts as 1.</param>
    public static AlertStatus Next(AlertStatus status, RuleObservation seen, int needed, int calmNeeded = 1)
    {
        var streak = seen.Kind == Observation.Breach ? status.Streak + 1 : 0;
        var calm = seen.Kind == Observation.Fine ? status.Calm + 1 : 0;
        var state = seen.Kind switch
        {
            Observation.Breach when status.IsOpen || streak >= needed => AlertState.Firing,
            Observation.Breach => AlertState.Pending,
            Observation.NoData => AlertState.NoData,
            Observation.Error => AlertState.Error,
            _ when status.IsOpen => calm >= calmNeeded ? AlertState.Resolved : AlertState.Firing,
            _ when status.State == AlertState.Resolved && seen.At - status.Since < ShowResolved => AlertState.Resolved,
            _ => AlertState.Normal,
        };
        var starts = state == AlertState.Firing && !status.IsOpen;
        var ends = state == AlertState.Resolved && status.IsOpen;
        return new AlertStatus(
            state, state == status.State ? status.Since : seen.At, streak, seen.Value, seen.Limit,
            seen.Kind == Observation.Breach || (status.IsOpen && !ends) ? status.Reference ?? seen.Reference : null, seen.Summary,
            starts ? seen.At : status.FiredAt, starts ? null : ends ? seen.At : status.ResolvedAt, calm, seen.Model,
            starts ? null : status.FoundLateAt);
    }

    /// <summary>Ends what is going on because nobody judges it any more: the rule was switched off, narrowed or deleted.</summary>
    public static AlertStatus Withdraw(AlertStatus status, string reason, DateTimeOffset now) => status with
    {
        State = status.IsOpen ? AlertState.Resolved : AlertState.Normal,
        Since = now, Streak = 0, Calm = 0, Reference = null, Summary = reason,
        ResolvedAt = status.IsOpen ? now : status.ResolvedAt,
    };
}
