using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Blobs;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Inference.Sampling;

/// <summary>
/// Lets sampled frames expire by age and by room: the bytes go. Rows stay, for lineage; those of frames kept for embeddings alone have none and go once no
/// window can reach back to them.
/// </summary>
sealed partial class FrameRetention(
    NpgsqlDataSource database, BlobStore blobs, IOptions<SamplingOptions> options, TimeProvider time, ILogger<FrameRetention> logger)
    : RecurringWork(time, logger)
{
    // Blobs of expired frames that could not be dropped while their storage was away.
    readonly HashSet<string> left = [];

    protected override TimeSpan Interval => TimeSpan.FromSeconds(options.Value.RetentionIntervalSeconds);

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        var deleted = await SampledFrameSql.DeleteEmbeddingOnlyAsync(database, now - TimeSpan.FromDays(options.Value.EmbeddingDays), cancellationToken);
        if (deleted > 0) LogDeleted(deleted);
        var before = now - TimeSpan.FromDays(options.Value.RetentionDays);
        var expired = await SampledFrameSql.ExpiredAsync(database, before, options.Value.MaxMegabytes * 1_000_000, cancellationToken);
        if (expired.Count > 0)
        {
            left.UnionWith(await SampledFrameSql.ExpireAsync(database, [.. expired.Select(frame => frame.Id)], now, cancellationToken));
            LogExpired(expired.Count);
        }
        foreach (var sha256 in left.ToList())
        {
            await blobs.DropUnneededAsync(database, sha256, cancellationToken);
            left.Remove(sha256);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Frames} sampled frames expired")]
    partial void LogExpired(int frames);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Frames} embeddings are too old to be compared and were deleted")]
    partial void LogDeleted(int frames);
}
