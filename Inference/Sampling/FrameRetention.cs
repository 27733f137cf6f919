using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Blobs;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Inference.Sampling;

/// <summary>Lets sampled frames expire by age and by room. Their rows stay, for lineage; the bytes go.</summary>
sealed partial class FrameRetention(
    NpgsqlDataSource database, BlobStore blobs, IOptions<SamplingOptions> options, TimeProvider time, ILogger<FrameRetention> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.RetentionIntervalSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ExpireAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                LogFailed(exception.Message);
            }
        }
    }

    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var before = now - TimeSpan.FromDays(options.Value.RetentionDays);
        var expired = await SampledFrameSql.ExpiredAsync(database, before, options.Value.MaxMegabytes * 1_000_000, cancellationToken);
        if (expired.Count == 0) return;
        foreach (var sha256 in await SampledFrameSql.ExpireAsync(database, [.. expired.Select(frame => frame.Id)], now, cancellationToken))
            await blobs.DropUnneededAsync(database, sha256, cancellationToken);
        LogExpired(expired.Count);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Frames} sampled frames expired")]
    partial void LogExpired(int frames);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Expired frames could not be removed now: {Reason}")]
    partial void LogFailed(string reason);
}
