using System.Net;
using Hangfire;
using Hangfire.Storage;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop;

/// <summary>
/// Tells Monitor each minute when every recurring job ran last and is due next, itself included: a job that is missed, and a Web that runs none at all,
/// become alerts.
/// </summary>
public sealed class ReportSchedules(ArrowLock turns, JobStorage storage, MonitorClient monitor, TimeProvider time) : Arrow(turns)
{
    public const string Job = "report-schedules", Cron = "* * * * *";

    /// <summary>Marks the schedules that are Web's to forget.</summary>
    const string Prefix = "web:";

    protected override async Task<string> TurnAsync(CancellationToken cancellationToken)
    {
        using var connection = storage.GetConnection();
        var jobs = connection.GetRecurringJobs().Where(job => !job.Removed).ToList();
        foreach (var job in jobs) await monitor.PutScheduleAsync(Prefix + job.Id, HeartbeatOf(job), cancellationToken);
        var gone = (await monitor.SchedulesAsync(cancellationToken))
            .Where(schedule => schedule.Name.StartsWith(Prefix, StringComparison.Ordinal) && !jobs.Exists(job => Prefix + job.Id == schedule.Name)).ToList();
        foreach (var schedule in gone) await ForgetAsync(schedule.Name, cancellationToken);
        return $"{jobs.Count} schedules reported, {gone.Count} forgotten.";
    }

    /// <summary>The job that runs now does not count as run yet for Hangfire: it lives by its own interval.</summary>
    ScheduleHeartbeat HeartbeatOf(RecurringJobDto job) => job.Id == Job
        ? new ScheduleHeartbeat(null, null, TimeSpan.FromMinutes(1), time.GetUtcNow())
        : new ScheduleHeartbeat(DeploymentOf(job.Id), Utc(job.NextExecution), job.NextExecution is null ? TimeSpan.FromDays(7) : null, Utc(job.LastExecution),
            job.LastJobState == Hangfire.States.FailedState.StateName || job.Error is not null);

    async Task ForgetAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await monitor.ForgetScheduleAsync(name, cancellationToken);
        }
        catch (StackException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            // Another worker forgot it already.
        }
    }

    /// <summary>Occasions are named <c>kind:deployment</c>.</summary>
    static string? DeploymentOf(string job) => job.IndexOf(':') is > 0 and var colon ? job[(colon + 1)..] : null;

    static DateTimeOffset? Utc(DateTime? at) => at is { } known ? new DateTimeOffset(DateTime.SpecifyKind(known, DateTimeKind.Utc)) : null;
}
