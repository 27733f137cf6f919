using Hangfire;
using Hangfire.Storage;
using Hangfire.Storage.Monitoring;

namespace RetrainLoop.Web.Pages.Jobs;

/// <summary>What the jobs page shows of Hangfire's storage.</summary>
/// <param name="Counts">Name, number and look of each state.</param>
public sealed record JobsView(
    IReadOnlyList<(string Name, long Count, string? Look)> Counts, IReadOnlyList<RecurringJobDto> Recurring, IReadOnlyList<KeyValuePair<string, FailedJobDto>> Failed)
{
    const int MostFailed = 10;

    public static JobsView Read(JobStorage storage)
    {
        var monitoring = storage.GetMonitoringApi();
        var statistics = monitoring.GetStatistics();
        using var connection = storage.GetConnection();
        return new JobsView(
            [
                ("waiting", statistics.Enqueued, null), ("running", statistics.Processing, null), ("scheduled", statistics.Scheduled, null),
                ("succeeded", statistics.Succeeded, null), ("failed", statistics.Failed, statistics.Failed > 0 ? "state-bad" : null), ("servers", statistics.Servers, null),
            ],
            [.. connection.GetRecurringJobs().OrderBy(job => job.Id, StringComparer.Ordinal)],
            [.. monitoring.FailedJobs(0, MostFailed)]);
    }
}
