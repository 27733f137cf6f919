using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Series;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>
/// Folds closed seconds of waiting batches into buckets, ten seconds at a time, so that each bucket is written once and never read back. Buckets,
/// watermarks and the mark "folded" change in one transaction, so that a batch counts exactly once however often the process dies; one replica
/// folds at a time. What comes for a closed bucket is appended to it as a part.
/// </summary>
public sealed partial class TelemetryFolder(
    NpgsqlDataSource database, IOptions<TelemetryOptions> options, TimeProvider time, ILogger<TelemetryFolder> logger,
    SeriesNudge? nudge = null) : RecurringWork(time, logger)
{
    readonly SeriesAppender appender = new();

    protected override TimeSpan Interval => options.Value.FoldInterval;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        while (await FoldSomeAsync(connection, cancellationToken)) ;
    }

    /// <returns>True when more waits.</returns>
    async Task<bool> FoldSomeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await AdvisoryLock.TryTakeAsync(connection, transaction, AdvisoryLock.Fold, cancellationToken)) return false;
        var (until, isAll, batches) = await FoldAsync(connection, transaction, cancellationToken);
        await appender.CommitAsync(transaction, cancellationToken);
        if (batches > 0) LogFolded(batches, until);
        if (isAll && batches > 0) nudge?.Folded(until);
        return !isAll;
    }

    /// <summary>Folds what is closed now, or as much of it as fits one round, within the caller's transaction.</summary>
    internal async Task<(DateTimeOffset Until, bool IsAll, int Batches)> FoldAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        appender.Begin();
        var now = Time.GetUtcNow();
        // Read before the batches: whatever a watermark speaks of was committed with it and is found below.
        var boots = await WaitingBatches.ReportedAsync(connection, transaction, cancellationToken);
        var frontiers = await SeriesFrontiers.ReadAsync(connection, cancellationToken);
        var closed = new TelemetryCoverage([.. boots.Select(boot => new BootCoverage(boot.CoveredFrom, boot.Watermark, boot.ReceivedAt))])
            .ClosedUntil(now, options.Value.Grace).Floor(Resolutions.TenSeconds).ToUnixTimeSeconds();
        var until = Math.Max(closed, frontiers.Find(Resolutions.TenSeconds) ?? 0);

        var (batches, isAll) = await WaitingBatches.TakeAsync(connection, transaction, until, cancellationToken);
        if (batches.Count > 0)
        {
            await WriteAsync(connection, transaction, batches, frontiers, until, now, cancellationToken);
            await WaitingBatches.MarkAsync(connection, transaction, batches, until, cancellationToken);
        }
        if (isAll)
        {
            if (frontiers.Find(Resolutions.TenSeconds) is { } closedBefore)
                await LateTelemetry.KeepAsync(connection, transaction, [.. boots.Select(boot => LateTelemetry.OfCoverage(boot, closedBefore)).OfType<(string?, long, long)>()], cancellationToken);
            await SeriesFrontiers.MoveAsync(connection, transaction, Resolutions.TenSeconds, "", until, cancellationToken);
            await WaitingBatches.MoveWatermarksAsync(connection, transaction, boots, cancellationToken);
        }
        return (DateTimeOffset.FromUnixTimeSeconds(until), isAll, batches.Count);
    }

    async Task WriteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<WaitingBatch> batches, SeriesFrontiers frontiers, long until, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var begins = Begin(frontiers, batches.Min(batch => batch.FirstSecond), SeriesRetention.KeptFrom(SeriesTable.TenSeconds, frontiers, options.Value, now));
        var keptFrom = SeriesTable.All.ToDictionary(table => table, table => SeriesRetention.KeptFrom(table, frontiers, options.Value, now));
        var zones = await DeploymentStore.ZonesAsync(connection, cancellationToken);
        var fold = new BatchFold(frontiers, keptFrom, deployment => zones.GetValueOrDefault(deployment, TimeZoneInfo.Utc));
        foreach (var batch in batches)
        {
            try
            {
                fold.Add(batch.Body, batch.Shift, batch.FoldedUntil, until);
            }
            catch (InvalidDataException exception)
            {
                LogUnreadable(batch.Replica, batch.Sequence, exception.Message); // it would stop all others for ever
            }
        }
        fold.SumRegions();
        await LateTelemetry.KeepAsync(connection, transaction, [.. fold.Late], cancellationToken);
        foreach (var (table, rows) in fold.Rows)
            await appender.AppendAsync(connection, transaction, table, rows, cancellationToken);
        foreach (var (resolution, second) in begins)
            await SeriesFrontiers.MoveAsync(connection, transaction, resolution, "", second, cancellationToken);
    }

    /// <summary>The first second ever says where rolling up begins; what is too old for ten-second buckets goes into the coarser ones directly.</summary>
    static List<(int Resolution, long Second)> Begin(SeriesFrontiers frontiers, long firstSecond, long keptFrom)
    {
        var minute = Resolutions.Floor(Math.Max(firstSecond, keptFrom + Resolutions.Minute), Resolutions.Minute);
        return [.. new[] { (Resolutions.Minute, minute), (Resolutions.Hour, Resolutions.Floor(minute, Resolutions.Hour)) }
            .Where(begin => frontiers.Begin(begin.Item1, begin.Item2))];
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Folded {Batches} batches up to {Until}")]
    partial void LogFolded(int batches, DateTimeOffset until);

    [LoggerMessage(Level = LogLevel.Error, Message = "Batch {Sequence} of {Replica} cannot be read and is left out: {Reason}")]
    partial void LogUnreadable(string replica, long sequence, string reason);
}
