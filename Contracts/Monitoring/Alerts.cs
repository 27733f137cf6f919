namespace RetrainLoop.Contracts;

/// <summary>NoData = there is nothing to judge; Error = it could not be judged. An alert that fired stays open through both.</summary>
public enum AlertState { Normal, Pending, Firing, Resolved, NoData, Error }

public enum AlertSeverity { Info, Warning, Critical }

/// <summary>A person has taken an alert on: it is not repeated until it fires anew.</summary>
public sealed record Acknowledgement(string By, DateTimeOffset At, string? Note);

/// <summary>The body of <c>POST /v1/alerts/{id}/acknowledgement</c>.</summary>
public sealed record AcknowledgementRequest(string? Note = null);

/// <summary>One rule on one deployment. <paramref name="Deployment"/> is <see cref="StackWide"/> when it is about the stack itself.</summary>
/// <param name="Value">The newest measured value, in <paramref name="Unit"/>.</param>
/// <param name="Threshold">What the value is compared with, in <paramref name="Unit"/>; null where a decision is made without one.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Since">When the state began.</param>
/// <param name="FiredAt">Of the current or latest firing.</param>
/// <param name="Labels">What the rule is narrowed to: <c>model, region, camera, class</c>; empty = the whole deployment.</param>
/// <param name="SilencedUntil">The end of the silence that covers it now.</param>
/// <param name="Inhibited">Whether a graver alert of the deployment makes this one's notifications pointless.</param>
/// <param name="Test">Fired by hand to see that it arrives.</param>
/// <param name="Replay">Computed from replayed frames; notifies nobody.</param>
public sealed record AlertInfo(
    Guid Id, Guid Rule, string RuleName, string Deployment, AlertState State, AlertSeverity Severity, double? Value, double? Threshold, string Unit,
    string Summary, string Runbook, DateTimeOffset Since, DateTimeOffset? FiredAt, DateTimeOffset? ResolvedAt)
{
    /// <summary>Stands for a deployment in alerts about the stack itself.</summary>
    public const string StackWide = "*";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
    public Acknowledgement? Acknowledgement { get; init; }
    public DateTimeOffset? SilencedUntil { get; init; }
    public bool Inhibited { get; init; }
    public bool Test { get; init; }
    public bool Replay { get; init; }

    /// <summary>When telemetry that arrived late showed the current or latest firing; null = it was judged in its turn.</summary>
    public DateTimeOffset? FoundLateAt { get; init; }
}

/// <summary>A change of an alert's state, or, where <paramref name="From"/> is <paramref name="To"/>, a note about it.</summary>
/// <param name="At">When the facts changed, which may be before anybody looked.</param>
public sealed record AlertTransition(
    long Id, Guid Alert, string RuleName, string Deployment, AlertState From, AlertState To, string Reason, DateTimeOffset At, bool Test, bool Replay,
    AlertSeverity Severity)
{
    /// <summary>When telemetry that arrived late showed it; null = it was judged in its turn.</summary>
    public DateTimeOffset? FoundLateAt { get; init; }

    public bool IsNote => From == To;
}

/// <summary>An alert with its rule, its history (newest first) and where it was delivered (newest first).</summary>
public sealed record AlertDetail(
    AlertInfo Alert, AlertRuleInfo Rule, IReadOnlyList<AlertTransition> Transitions, IReadOnlyList<DeliveryInfo> Deliveries);
