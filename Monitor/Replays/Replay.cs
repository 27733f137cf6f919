using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Replays;

/// <summary>A replay as Monitor keeps it.</summary>
/// <param name="From">The first frame's minute.</param>
/// <param name="Watermark">Every second before it is counted.</param>
/// <param name="JudgedUntil">Every period before it is judged.</param>
sealed record Replay(
    Guid Id, ReplayStart Start, DateTimeOffset From, DateTimeOffset To, DateTimeOffset BaselineUntil, long LastSequence, DateTimeOffset Watermark,
    DateTimeOffset JudgedUntil)
{
    public string Deployment => Start.Deployment.Name;

    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(Start.Deployment.Zone);

    /// <summary>The end of the period that is judged next; null when everything is judged.</summary>
    public DateTimeOffset? NextPeriodEnd => JudgedUntil >= To ? null : ReplayPeriods.EndOf(JudgedUntil, From, To, BaselineUntil, Zone);
}
