using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts;

/// <summary>What one closed minute says about a rule.</summary>
public enum Observation { Fine, Breach, NoData, Error }

/// <summary>A rule's judgement of one minute.</summary>
/// <param name="Limit">What the value is compared with, in the value's unit.</param>
/// <param name="Reference">What the limit was derived from; kept while the breach lasts, so that a long drop does not become the new normal.</param>
/// <param name="Summary">One sentence.</param>
public sealed record MinuteObservation(DateTimeOffset End, Observation Kind, double? Value, double? Limit, double? Reference, string Summary);

/// <summary>Where one rule stands on one deployment.</summary>
/// <param name="Streak">Consecutive minutes in breach.</param>
/// <param name="FiredAt">Of the current or latest firing; null when it never fired.</param>
public sealed record AlertStatus(
    AlertState State, DateTimeOffset Since, int Streak, double? Value, double? Limit, double? Reference, string Summary,
    DateTimeOffset? FiredAt, DateTimeOffset? ResolvedAt)
{
    public static AlertStatus New(DateTimeOffset now) => new(AlertState.Normal, now, 0, null, null, null, "Nothing judged yet.", null, null);

    /// <summary>Whether a firing has not been resolved; stays true while data are missing.</summary>
    public bool IsOpen => FiredAt is not null && ResolvedAt is null;
}

/// <summary>
/// Normal -> Pending -> Firing -> Resolved -> Normal, with NoData and Error from anywhere. A firing that loses its data is still open: it resolves, or
/// fires on, with the first minutes that say something. Pure.
/// </summary>
public static class AlertStateMachine
{
    /// <summary>How long a resolved alert shows as resolved.</summary>
    public static readonly TimeSpan ShowResolved = TimeSpan.FromHours(1);

    public static AlertStatus Next(AlertStatus status, MinuteObservation minute, int forMinutes)
    {
        var streak = minute.Kind == Observation.Breach ? status.Streak + 1 : 0;
        var state = minute.Kind switch
        {
            Observation.Breach when status.IsOpen || streak >= forMinutes => AlertState.Firing,
            Observation.Breach => AlertState.Pending,
            Observation.NoData => AlertState.NoData,
            Observation.Error => AlertState.Error,
            _ when status.IsOpen => AlertState.Resolved,
            _ when status.State == AlertState.Resolved && minute.End - status.Since < ShowResolved => AlertState.Resolved,
            _ => AlertState.Normal,
        };
        var starts = state == AlertState.Firing && !status.IsOpen;
        return new AlertStatus(
            state, state == status.State ? status.Since : minute.End, streak, minute.Value, minute.Limit,
            minute.Kind == Observation.Breach ? status.Reference ?? minute.Reference : null, minute.Summary,
            starts ? minute.End : status.FiredAt,
            starts ? null : state == AlertState.Resolved && status.IsOpen ? minute.End : status.ResolvedAt);
    }
}
