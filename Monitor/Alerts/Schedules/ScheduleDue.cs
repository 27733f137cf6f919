using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Schedules;

/// <summary>Whether a recurring job is late. Pure.</summary>
public static class ScheduleDue
{
    /// <param name="receivedAt">When its last sign of life came.</param>
    /// <param name="tolerance">How late it may be.</param>
    public static ScheduleInfo Judge(string name, ScheduleHeartbeat heartbeat, DateTimeOffset receivedAt, DateTimeOffset now, TimeSpan tolerance)
    {
        var due = heartbeat.NextDue ?? (heartbeat.ExpectedEvery is { } every ? (heartbeat.LastRun ?? receivedAt) + every : null);
        return new ScheduleInfo(name, heartbeat, receivedAt, due + tolerance < now ? due : null);
    }
}
