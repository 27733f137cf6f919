using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Blobs;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Inference.DetectionJobs;

/// <summary>Removes old finished jobs and their results. Whoever needs a result for longer copied it when the job finished.</summary>
sealed class DetectionJobRetention(
    NpgsqlDataSource database, BlobStore blobs, IOptions<DetectionJobOptions> options, TimeProvider time, ILogger<DetectionJobRetention> logger)
    : RecurringWork(time, logger)
{
    protected override TimeSpan Interval => TimeSpan.FromSeconds(options.Value.RetentionIntervalSeconds);

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var before = Time.GetUtcNow() - TimeSpan.FromDays(options.Value.RetentionDays);
        foreach (var sha256 in await DetectionJobSql.ForgetAsync(database, before, cancellationToken))
            await blobs.DropUnneededAsync(database, sha256, cancellationToken);
    }
}
