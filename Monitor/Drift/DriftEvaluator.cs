using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Monitor.Drift;

/// <summary>Measures the current window, has it judged and keeps the report.</summary>
public sealed class DriftEvaluator(
    NpgsqlDataSource database, IOptions<DriftOptions> options, IOptions<TelemetryOptions> telemetry, ChangeNudge nudge, TimeProvider time)
{
    /// <param name="baseline">The locked baseline of the model that serves now.</param>
    public async Task<DriftReport> EvaluateAsync(LockedBaseline baseline, TimeSpan? window, CancellationToken cancellationToken)
    {
        var (info, now) = (baseline.Info, time.GetUtcNow());
        var to = (await TelemetryCoverage.ReadAsync(database, cancellationToken)).ClosedUntil(now, telemetry.Value.Grace).Floor(Resolutions.TenSeconds);
        var from = (to - (window ?? options.Value.Window)).Floor(Resolutions.TenSeconds);
        if (from < info.LockedAt) from = info.LockedAt.Value; // the baseline's own values say nothing new
        if (to < from) to = from;

        var samples = await SampleAsync(info, from, to, cancellationToken);
        var before = baseline.Content.Signals.ToDictionary(sample => sample.Signal);
        var signals = Signals.All.Where(signal => before.ContainsKey(signal.Name))
            .Select(signal => DriftJudge.Compare(signal, before[signal.Name], samples[signal.Name], options.Value)).ToList();
        var level = DriftJudge.Overall(signals);
        var ratios = level == DriftLevel.Drift ? LikelihoodRatios.Table(info.Model, before, samples.Values) : null; // without drift nothing carries it
        var report = new DriftReport(Guid.CreateVersion7(now), info.Deployment, info.Model, info.Id, from, to, level, signals, ratios, now);
        await SaveAsync(report, cancellationToken);
        return report;
    }

    /// <summary>A deployment's reports, newest first.</summary>
    public static Task<List<DriftReport>> ListAsync(NpgsqlDataSource database, string deployment, int limit, CancellationToken cancellationToken) =>
        Documents.ListAsync<DriftReport>(database,
            "select report from drift_reports where deployment = @deployment order by evaluated_at desc limit @limit", new { deployment, limit }, cancellationToken);

    /// <summary>The newest report against a baseline, or null.</summary>
    public static Task<DriftReport?> NewestAsync(NpgsqlDataSource database, Guid baseline, CancellationToken cancellationToken) =>
        Documents.FirstAsync<DriftReport>(database,
            "select report from drift_reports where baseline = @baseline order by evaluated_at desc limit 1", new { baseline }, cancellationToken);

    /// <summary>The start of the window of the first report of the unbroken run of Drift that lasts until now; null when the newest is no Drift.</summary>
    public static async Task<DateTimeOffset?> OnsetAsync(NpgsqlDataSource database, Guid baseline, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition(
            """
            select min(window_from) from drift_reports where baseline = @baseline and evaluated_at > coalesce(
                (select max(evaluated_at) from drift_reports where baseline = @baseline and level <> 'Drift'), '-infinity')
            """,
            new { baseline }, cancellationToken: cancellationToken));
    }

    async Task<Dictionary<string, SignalSample>> SampleAsync(BaselineInfo info, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var blockSeconds = SignalBlocks.LengthFor(to - from, options.Value.BlockSeconds);
        var buckets = await SeriesStore.ReadAsync(database, info.Deployment, SignalBlocks.ResolutionFor(blockSeconds), from, to, cancellationToken);
        var blocks = SignalBlocks.Cut(buckets, info.Model, from, to, blockSeconds);
        return Signals.All.ToDictionary(signal => signal.Name, signal => SignalSample.Of(signal, blocks));
    }

    async Task SaveAsync(DriftReport report, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into drift_reports (id, deployment, baseline, evaluated_at, window_from, level, report)
            values (@Id, @Deployment, @Baseline, @at, @from, @level, @json::jsonb)
            """,
            new { report.Id, report.Deployment, report.Baseline, at = report.EvaluatedAt, from = report.From, level = report.Level.ToString(), json = Documents.Write(report) },
            transaction, cancellationToken: cancellationToken));
        await ChangeFeed.AppendAsync(connection, transaction, ChangeKinds.DriftEvaluated, report.Id.ToString(), report, report.EvaluatedAt, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        nudge.Changed();
    }
}
