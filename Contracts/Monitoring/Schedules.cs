namespace RetrainLoop.Contracts;

/// <summary>A sign of life of a recurring job: when it ran last and when it is due next. Without the next sign in time an alert fires.</summary>
/// <param name="Deployment">Null = it belongs to no one deployment.</param>
/// <param name="NextDue">When it should run next; null = <paramref name="ExpectedEvery"/> after the last run.</param>
/// <param name="ExpectedEvery">How often it is meant to run.</param>
/// <param name="LastRun">Null = it never ran.</param>
/// <param name="Failed">Whether the last run failed.</param>
public sealed record ScheduleHeartbeat(
    string? Deployment, DateTimeOffset? NextDue, TimeSpan? ExpectedEvery, DateTimeOffset? LastRun, bool Failed = false);

/// <summary>A schedule as Monitor knows it.</summary>
/// <param name="OverdueSince">Null while it is in time.</param>
public sealed record ScheduleInfo(string Name, ScheduleHeartbeat Heartbeat, DateTimeOffset ReceivedAt, DateTimeOffset? OverdueSince);
