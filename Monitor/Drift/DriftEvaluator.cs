using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Drift.Embeddings;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Monitor.Drift;

/// <summary>Measures the current window, has it judged and keeps the report.</summary>
public sealed class DriftEvaluator(
    NpgsqlDataSource database, EmbeddingReader embedded, IOptions<DriftOptions> options, IOptions<TelemetryOptions> telemetry, ChangeNudge nudge,
    TimeProvider time)
{
    /// <param name="baseline">The locked baseline of the model that serves now.</param>
    /// <param name="window">Null = a configured length: that of recent windows, or of weeks.</param>
    public async Task<DriftReport> EvaluateAsync(LockedBaseline baseline, TimeSpan? window, bool recent, CancellationToken cancellationToken)
    {
        window ??= recent && options.Value.RecentWindow < options.Value.Window ? options.Value.RecentWindow : options.Value.Window;
        var (info, now) = (baseline.Info, time.GetUtcNow());
        var to = (await TelemetryCoverage.ReadAsync(database, cancellationToken)).ClosedUntil(now, telemetry.Value.Grace).Floor(Resolutions.TenSeconds);
        if (to < info.LockedAt) to = info.LockedAt.Value;
        var before = await BaselineCells.ReadAsync(database, baseline, cancellationToken);
        var windows = await WindowsAsync(info, before, to, window.Value, cancellationToken);
        var embeddings = await embedded.ReadAsync(info, before, windows, cancellationToken);
        var signals = DrillDown.Into(DriftJudge.Judge(before, windows, options.Value, embeddings), before, windows[0], options.Value, embeddings);
        var level = DriftJudge.Overall(signals);
        var ratios = level == DriftLevel.Drift ? LikelihoodRatios.Between(info.Model, before, windows[0]) : null; // without drift nothing carries it
        var report = new DriftReport(Guid.CreateVersion7(now), info.Deployment, info.Model, info.Id, windows[0].From, to, level, signals, ratios, now);
        await SaveAsync(report, EmbeddingStore.Compress(embeddings), cancellationToken);
        return report;
    }

    /// <summary>The newest window, then those before it that the rule asks for. None reaches into the baseline: its own values say nothing new.</summary>
    async Task<IReadOnlyList<SignalWindow>> WindowsAsync(
        BaselineInfo info, SignalWindow baseline, DateTimeOffset to, TimeSpan length, CancellationToken cancellationToken)
    {
        var windows = new List<SignalWindow>();
        for (; windows.Count == 0 || (windows.Count < options.Value.Windows && to > info.LockedAt); to = windows[^1].From)
        {
            var from = (to - length).Floor(Resolutions.TenSeconds);
            if (from < info.LockedAt) from = info.LockedAt!.Value;
            windows.Add(await ReadAsync(info, baseline, from, to, cancellationToken));
        }
        return windows;
    }

    /// <summary>What the champion measured in [from, to), in cells as the baseline's.</summary>
    internal Task<SignalWindow> ReadAsync(
        BaselineInfo info, SignalWindow baseline, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        WindowReader.ReadAsync(database, info.Deployment, info.Model, from, to, baseline.CellSeconds, baseline.Cameras.ToHashSet(), options.Value, cancellationToken);

    /// <summary>A deployment's report, or null.</summary>
    public static Task<DriftReport?> FindAsync(NpgsqlDataSource database, string deployment, Guid id, CancellationToken cancellationToken) =>
        Documents.FirstAsync<DriftReport>(
            database, "select report from drift_reports where id = @id and deployment = @deployment", new { id, deployment }, cancellationToken);

    /// <summary>A deployment's reports made in [from, to), newest first.</summary>
    public static Task<List<DriftReport>> ListAsync(
        NpgsqlDataSource database, string deployment, int limit, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken) =>
        Documents.ListAsync<DriftReport>(database,
            """
            select report from drift_reports
            where deployment = @deployment and evaluated_at >= coalesce(@from::timestamptz, '-infinity') and evaluated_at < coalesce(@to::timestamptz, 'infinity')
            order by evaluated_at desc limit @limit
            """,
            new { deployment, limit, from = from?.UtcDateTime, to = to?.UtcDateTime }, cancellationToken);

    /// <summary>A deployment's reports, newest first.</summary>
    public static Task<List<DriftReport>> ListAsync(NpgsqlDataSource database, string deployment, int limit, CancellationToken cancellationToken) =>
        ListAsync(database, deployment, limit, null, null, cancellationToken);

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

    async Task SaveAsync(DriftReport report, byte[]? embeddings, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into drift_reports (id, deployment, baseline, evaluated_at, window_from, level, report, embeddings)
            values (@Id, @Deployment, @Baseline, @at, @from, @level, @json::jsonb, @embeddings)
            """,
            new { report.Id, report.Deployment, report.Baseline, at = report.EvaluatedAt, from = report.From, level = report.Level.ToString(), json = Documents.Write(report), embeddings },
            transaction, cancellationToken: cancellationToken));
        await ChangeFeed.AppendAsync(connection, transaction, ChangeKinds.DriftEvaluated, report.Id.ToString(), report, report.EvaluatedAt, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        nudge.Changed();
    }
}
