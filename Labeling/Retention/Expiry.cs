using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Labeling.Retention;

/// <summary>Deletes the bytes of pictures that are old and that neither a task nor a dataset holds. A skipped task holds nothing.</summary>
sealed partial class Expiry(NpgsqlDataSource database, BlobStore blobs, IOptions<RetentionOptions> options, TimeProvider time, ILogger<Expiry> logger)
    : RecurringWork(time, logger)
{
    const int Batch = 500;

    protected override TimeSpan Interval => options.Value.Interval;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
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
            if (expired.Count < Batch) break;
        }
        if (total > 0) LogExpired(total, options.Value.Age);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Pictures} pictures older than {Age} that nothing holds were deleted")]
    partial void LogExpired(int pictures, TimeSpan age);
}
