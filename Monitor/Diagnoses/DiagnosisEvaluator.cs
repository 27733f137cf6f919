using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Drift;
using RetrainLoop.Monitor.Evaluations;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Monitor.Diagnoses;

/// <summary>Gathers the newest facts of a deployment, has them diagnosed and keeps the diagnosis.</summary>
public sealed class DiagnosisEvaluator(
    NpgsqlDataSource database, IOptions<DiagnosisOptions> options, IOptions<DriftOptions> drift, IOptions<TelemetryOptions> telemetry,
    ChangeNudge nudge, TimeProvider time)
{
    public async Task<Diagnosis> EvaluateAsync(DeploymentInfo deployment, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var facts = await FactsAsync(deployment, now, cancellationToken);
        var diagnosis = Diagnostician.Diagnose(Guid.CreateVersion7(now), deployment.Name, deployment.Champion, facts, options.Value, now);
        await SaveAsync(diagnosis, cancellationToken);
        return diagnosis;
    }

    /// <summary>A deployment's diagnoses, newest first.</summary>
    public static Task<List<Diagnosis>> ListAsync(NpgsqlDataSource database, string deployment, int limit, CancellationToken cancellationToken) =>
        Documents.ListAsync<Diagnosis>(database,
            "select diagnosis from diagnoses where deployment = @deployment order by made_at desc limit @limit", new { deployment, limit }, cancellationToken);

    async Task<DiagnosisFacts> FactsAsync(DeploymentInfo deployment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var locked = await BaselineStore.FindLockedAsync(database, deployment.Name, cancellationToken);
        var baseline = locked?.Info.Model == deployment.Champion ? locked : null;
        var report = baseline is null ? null : await DriftEvaluator.NewestAsync(database, baseline.Info.Id, cancellationToken);
        var onset = baseline is null ? null : await DriftEvaluator.OnsetAsync(database, baseline.Info.Id, cancellationToken);
        var holdout = await EvaluationStore.NewestAsync(database, deployment.Name, EvaluationPurposes.LiveHoldout, deployment.Champion, cancellationToken);
        return new DiagnosisFacts(report, onset,
            holdout?.MeanAveragePrecision() is { } value
                ? new HoldoutFact(value, holdout.Low, holdout.High, baseline?.Info.MeanAveragePrecision, holdout.At)
                : null,
            await VolumeAsync(deployment, baseline, report, now, cancellationToken));
    }

    /// <summary>Traffic over the newest report's window, or, without one, over the configured one.</summary>
    async Task<VolumeFact> VolumeAsync(
        DeploymentInfo deployment, LockedBaseline? baseline, DriftReport? report, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var to = report?.To ?? (await TelemetryCoverage.ReadAsync(database, cancellationToken)).ClosedUntil(now, telemetry.Value.Grace).Floor(Resolutions.TenSeconds);
        var from = report?.From ?? to - drift.Value.Window;
        var resolution = SignalWindow.ResolutionFor(SignalWindow.CellSecondsFor(to - from));
        var buckets = await SeriesStore.ReadAsync(database, deployment.Name, resolution, from, to, cancellationToken);
        var sum = SeriesSketch.Sum(buckets.Where(bucket => bucket.Slot == ModelSlot.Champion).Select(bucket => bucket.Sketch));
        return new VolumeFact(
            to > from ? sum.Detections / (to - from).TotalMinutes : null, baseline?.Content.DetectionsPerMinute,
            sum.MeanDetectionsPerRequest, baseline?.Content.DetectionsPerRequest, sum.LatencyQuantile(0.95), deployment.LatencyBudgetMs);
    }

    async Task SaveAsync(Diagnosis diagnosis, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into diagnoses (id, deployment, made_at, diagnosis) values (@Id, @Deployment, @MadeAt, @json::jsonb)",
            new { diagnosis.Id, diagnosis.Deployment, diagnosis.MadeAt, json = Documents.Write(diagnosis) }, transaction, cancellationToken: cancellationToken));
        await ChangeFeed.AppendAsync(connection, transaction, ChangeKinds.DiagnosisMade, diagnosis.Id.ToString(), diagnosis, diagnosis.MadeAt, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        nudge.Changed();
    }
}
