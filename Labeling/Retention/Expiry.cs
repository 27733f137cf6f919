using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Labeling.Retention;

/// <summary>Deletes the bytes of pictures that are old and that neither a task nor a dataset holds. A skipped task holds nothing.</summary>
sealed partial class Expiry(NpgsqlDataSource database, BlobStore blobs, IOptions<RetentionOptions> options, TimeProvider time, ILogger<Expiry> logger)
    : BackgroundService
{
    const int Batch = 500;

    /// <summary>How many pictures expired.</summary>
    public async Task<int> ExpireAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var total = 0;
        while (true)
        {
            // The row is marked before the bytes go: a crash in between leaves a stray file, never a row that promises lost bytes.
            var expired = (await connection.QueryAsync<string>(new CommandDefinition(
                """
                update images set expired_at = @now where sha256 in (
                    select i.sha256 from images i
                    where i.added_at < @before and i.expired_at is null and i.erased_at is null
                      and not exists (select from dataset_images d where d.sha256 = i.sha256)
                      and not exists (select from frames f join tasks t on t.frame = f.id where f.sha256 = i.sha256 and t.state <> 'Skipped')
                    limit @Batch for update skip locked)
                returning sha256
                """,
                new { now, before = now - options.Value.Age, Batch }, cancellationToken: cancellationToken))).AsList();
            foreach (var sha256 in expired) await blobs.DeleteAsync(sha256, cancellationToken);
            total += expired.Count;
            if (expired.Count < Batch) return total;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var expired = await ExpireAsync(stoppingToken);
                if (expired > 0) LogExpired(expired, options.Value.Age);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                LogFailed(exception.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Pictures} pictures older than {Age} that nothing holds were deleted")]
    partial void LogExpired(int pictures, TimeSpan age);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Expired pictures could not be deleted now ({Reason}); the next round tries again")]
    partial void LogFailed(string reason);
}
