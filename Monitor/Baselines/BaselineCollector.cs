using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.Monitor.Drift;
using RetrainLoop.Monitor.Drift.Embeddings;
using RetrainLoop.Monitor.Evaluations;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.ServiceDefaults.Hosting;

namespace RetrainLoop.Monitor.Baselines;

/// <summary>Counts what collecting baselines have so far, and locks those that are complete.</summary>
public sealed partial class BaselineCollector(
    NpgsqlDataSource database, IOptions<BaselineOptions> options, IOptions<TelemetryOptions> telemetry, IOptions<DriftOptions> drift,
    EmbeddingReader embedded, ChangeNudge nudge, TimeProvider time, ILogger<BaselineCollector> logger) : RecurringWork(time, logger)
{
    protected override TimeSpan Interval => options.Value.Interval;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var closed = (await TelemetryCoverage.ReadAsync(database, cancellationToken))
            .ClosedUntil(Time.GetUtcNow(), telemetry.Value.Grace).Floor(Resolutions.TenSeconds);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await AdvisoryLock.TryTakeAsync(connection, transaction, AdvisoryLock.Baselines, cancellationToken)) return;
        var locked = new List<Guid>();
        foreach (var row in await BaselineStore.CollectingAsync(connection, transaction, cancellationToken))
            if (row.CountedUntil < closed && await AdvanceAsync(connection, transaction, row, closed, cancellationToken)) locked.Add(row.Id);
        await transaction.CommitAsync(cancellationToken);
        if (locked.Count > 0) nudge.Changed();
        foreach (var baseline in locked) await embedded.KeepReferenceAsync(baseline, cancellationToken);
    }

    async Task<bool> AdvanceAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BaselineStore.Row row, DateTimeOffset closed, CancellationToken cancellationToken)
    {
        var fresh = SeriesSketch.Sum((await SeriesStore.ReadAsync(database, row.Deployment, Resolutions.TenSeconds, row.CountedUntil, closed, cancellationToken))
            .Where(bucket => bucket.Model == row.Model && bucket.Slot == ModelSlot.Champion).Select(bucket => bucket.Sketch));
        var (requests, detections) = (row.Requests + fresh.Requests, row.Detections + fresh.Detections);
        var step = BaselineStateMachine.Next(BaselineState.Collecting,
            new BaselineEvent.Collected(new BaselineCollection(closed - row.From, requests, detections)), options.Value);
        await connection.ExecuteAsync(new CommandDefinition(
            "update baselines set counted_until = @closed, requests = @requests, detections = @detections, progress = @Progress where id = @Id",
            new { closed, requests, detections, step.Progress, row.Id }, transaction, cancellationToken: cancellationToken));
        if (step.State != BaselineState.Locked) return false;
        await LockAsync(connection, transaction, row with { Requests = requests, Detections = detections, Progress = 1 }, closed, cancellationToken);
        return true;
    }

    async Task LockAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, BaselineStore.Row row, DateTimeOffset closed, CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        foreach (var other in await BaselineStore.OthersAsync(connection, transaction, row, cancellationToken))
        {
            var superseded = BaselineStateMachine.Next(other.State, new BaselineEvent.NewerLocked(), options.Value).State;
            await BaselineStore.SetStateAsync(connection, transaction, other.Id, superseded, cancellationToken);
            await BaselineStore.TransitAsync(connection, transaction, other.State.ToString(), other with { State = superseded }, $"{row.Key} locked.", now, cancellationToken);
        }
        var (content, window) = await ContentAsync(row, closed, cancellationToken);
        await BaselineCells.SaveAsync(connection, transaction, row.Id, window, cancellationToken);
        var holdout = await EvaluationStore.NewestAsync(database, row.Deployment, EvaluationPurposes.LiveHoldout, row.Model, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "update baselines set state = 'locked', locked_at = @closed, content = @content::jsonb, mean_average_precision = @holdout where id = @Id",
            new { closed, content = Documents.Write(content), holdout = holdout?.MeanAveragePrecision(), row.Id }, transaction, cancellationToken: cancellationToken));
        var info = row.ToInfo() with { State = BaselineState.Locked, LockedAt = closed, MeanAveragePrecision = holdout?.MeanAveragePrecision() };
        await BaselineStore.TransitAsync(
            connection, transaction, nameof(BaselineState.Collecting), info, "The window passed and holds enough traffic.", now, cancellationToken);
        LogLocked(row.Deployment, row.Model, row.Requests, row.Detections);
    }

    async Task<(BaselineContent, SignalWindow)> ContentAsync(BaselineStore.Row row, DateTimeOffset closed, CancellationToken cancellationToken)
    {
        var cellSeconds = SignalWindow.CellSecondsFor(closed - row.From);
        var window = await WindowReader.ReadAsync(database, row.Deployment, row.Model, row.From, closed, cellSeconds, null, drift.Value, cancellationToken);
        var sum = SeriesSketch.Sum(window.Cells.Select(cell => cell.Sketch));
        return (new BaselineContent(BaselineContent.CurrentBinsVersion, [.. Signals.For(window.Classes).Select(signal => SignalSample.Of(signal, window))],
            sum.Detections / (closed - row.From).TotalMinutes, sum.MeanDetectionsPerRequest, await WeekAsync(row, closed, cancellationToken),
            cellSeconds, window.Classes), window);
    }

    async Task<double[]?> WeekAsync(BaselineStore.Row row, DateTimeOffset closed, CancellationToken cancellationToken)
    {
        if (closed - row.From < TimeSpan.FromDays(7)) return null;
        var deployment = await DeploymentStore.FindAsync(database, row.Deployment, cancellationToken);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(deployment?.Zone ?? "UTC");
        var buckets = await SeriesStore.ReadAsync(
            database, new SeriesQuery(row.Deployment, Resolutions.Hour, row.From, closed) { Level = SeriesLevel.Region, Parts = SketchParts.Counts }, cancellationToken);
        var hours = buckets.Where(bucket => bucket.Slot != ModelSlot.Shadow).GroupBy(bucket => bucket.Start.Floor(3600))
            .Select(hour => (hour.Key, hour.Sum(bucket => bucket.Sketch.Detections) / 60.0));
        return HourOfWeek.Means(hours, zone);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The baseline of {Deployment} for {Model} is locked: {Requests} requests, {Detections} detections")]
    partial void LogLocked(string deployment, ModelRef model, long requests, long detections);
}
