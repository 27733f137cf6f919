using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Blobs;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Inference.DetectionJobs;

/// <summary>Removes old finished jobs and their results. Whoever needs a result for longer copied it when the job finished.</summary>
sealed partial class DetectionJobRetention(
    NpgsqlDataSource database, BlobStore blobs, IOptions<DetectionJobOptions> options, TimeProvider time, ILogger<DetectionJobRetention> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.RetentionIntervalSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ForgetAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                LogFailed(exception.Message);
            }
        }
    }

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - TimeSpan.FromDays(options.Value.RetentionDays);
        foreach (var sha256 in await DetectionJobSql.ForgetAsync(database, before, cancellationToken))
            await blobs.DropUnneededAsync(database, sha256, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old detection jobs could not be removed now: {Reason}")]
    partial void LogFailed(string reason);
}
