using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <summary>What is told, as it was when it was decided: every attempt says the same.</summary>
/// <param name="Deployment"><see cref="AlertInfo.StackWide"/> for alerts about the stack itself.</param>
/// <param name="Repeat">Nothing is new: it reminds.</param>
public sealed record Notification(
    string Deployment, IReadOnlyList<AlertInfo> Firing, IReadOnlyList<AlertInfo> Resolved, bool Repeat, bool Test, DateTimeOffset At)
{
    public IEnumerable<AlertInfo> Alerts => Firing.Concat(Resolved);

    /// <summary>What a channel's own test says.</summary>
    public static Notification OfChannelTest(string channel, DateTimeOffset now) => new(AlertInfo.StackWide,
        [new AlertInfo(Guid.Empty, Guid.Empty, $"Test of the channel '{channel}'", AlertInfo.StackWide, AlertState.Firing, AlertSeverity.Info, null, null, "",
            "This channel works. Nothing is wrong.", "", now, now, null) { Test = true }], [], false, true, now);
}
