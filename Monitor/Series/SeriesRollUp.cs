using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Monitor.Series;

/// <summary>
/// Sums closed buckets into the next coarser ones: minutes from ten seconds, hours from minutes, a deployment's days from hours. Rows and the
/// frontier change in one transaction: killed at any moment, it goes on where it was, and after downtime it catches up bucket by bucket.
/// </summary>
public sealed partial class SeriesRollUp(
    NpgsqlDataSource database, IOptions<TelemetryOptions> options, TimeProvider time, ILogger<SeriesRollUp> logger) : RecurringWork(time, logger)
{
    const int SeriesAtOnce = 1000;
    readonly SeriesAppender appender = new();

    protected override TimeSpan Interval => options.Value.RollUpInterval;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        while (await StepAsync(connection, cancellationToken)) ;
    }

    async Task<bool> StepAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await AdvisoryLock.TryTakeAsync(connection, transaction, AdvisoryLock.Fold, cancellationToken)) return false;
        if (!await RollUpAsync(connection, transaction, cancellationToken)) return false;
        await appender.CommitAsync(transaction, cancellationToken);
        return true;
    }

    /// <summary>Rolls up the next closed bucket within the caller's transaction.</summary>
    /// <returns>True when there was one: there may be another.</returns>
    internal async Task<bool> RollUpAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        appender.Begin();
        var frontiers = await SeriesFrontiers.ReadAsync(connection, cancellationToken);
        var zones = await DeploymentStore.ZonesAsync(connection, cancellationToken);
        if (await DueAsync(connection, frontiers, zones, cancellationToken) is not { } due) return false;
        await RollUpAsync(connection, transaction, due, cancellationToken);
        await SeriesFrontiers.MoveAsync(connection, transaction, due.Table.Resolution, due.Deployment ?? "", due.End, cancellationToken);
        LogRolledUp(due.Table.Name, due.Deployment ?? "all", DateTimeOffset.FromUnixTimeSeconds(due.End));
        return true;
    }

    /// <summary>The first bucket that is closed and not rolled up yet; empty ones before it are passed over.</summary>
    static async Task<DueBucket?> DueAsync(
        NpgsqlConnection connection, SeriesFrontiers frontiers, Dictionary<string, TimeZoneInfo> zones, CancellationToken cancellationToken)
    {
        foreach (var table in new[] { SeriesTable.Minutes, SeriesTable.Hours })
            if (DueBucket.Next(table, frontiers) is { } due)
                return due.IsFarBehind ? due.From(await FirstAsync(connection, due.Source, null, due.Start, cancellationToken)) : due;
        foreach (var deployment in await connection.QueryAsync<string>(new CommandDefinition(
            "select distinct deployment from series", cancellationToken: cancellationToken)))
        {
            var zone = zones.GetValueOrDefault(deployment, TimeZoneInfo.Utc);
            var from = frontiers.Find(Resolutions.Day, deployment)
                ?? (await FirstAsync(connection, SeriesTable.Hours, deployment, 0, cancellationToken) is { } first
                    ? ZoneDays.StartOf(DateTimeOffset.FromUnixTimeSeconds(first), zone).ToUnixTimeSeconds() : null);
            if (from is { } start && DueBucket.NextDay(deployment, zone, start, frontiers) is { } due) return due;
        }
        return null;
    }

    async Task RollUpAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, DueBucket due, CancellationToken cancellationToken)
    {
        if (due.Start == due.End) return;
        var all = await SeriesStore.SeriesOfAsync(connection, due.Deployment, level: null, cancellationToken);
        foreach (var series in all.Chunk(SeriesAtOnce))
        {
            var sums = new Dictionary<(SeriesKey, long), SeriesSketch>();
            await SeriesStore.ScanAsync(connection, series.ToDictionary(), [(due.Source, due.Start, due.End)], SketchParts.All, (key, _, sketch) =>
            {
                if (!sums.TryGetValue((key, due.Start), out var sum)) sums[(key, due.Start)] = sum = new SeriesSketch();
                SketchCodec.AddTo(sum, sketch);
            }, cancellationToken);
            await appender.AppendAsync(connection, transaction, due.Table, sums, cancellationToken);
        }
    }

    /// <summary>The first bucket at or after an instant; null when there is none.</summary>
    static Task<long?> FirstAsync(NpgsqlConnection connection, SeriesTable table, string? deployment, long from, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            $"""
            select extract(epoch from min(first.start))::bigint from series s
            cross join lateral (select b.start from {table.Name} b where b.series = s.id and b.start >= to_timestamp(@from) order by b.start limit 1) first
            where @deployment::text is null or s.deployment = @deployment
            """, new { deployment, from }, cancellationToken: cancellationToken));

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Table} of {Deployment} are rolled up to {Until}")]
    partial void LogRolledUp(string table, string deployment, DateTimeOffset until);
}
