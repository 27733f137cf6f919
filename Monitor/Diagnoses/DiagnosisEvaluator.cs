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
    NpgsqlDataSource database, HoldoutReader holdouts, IOptions<DiagnosisOptions> options, IOptions<DriftOptions> drift,
    IOptions<TelemetryOptions> telemetry, ChangeNudge nudge, TimeProvider time)
{
    public async Task<Diagnosis> EvaluateAsync(DeploymentInfo deployment, DiagnosisOccasion occasion, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var facts = await FactsAsync(deployment, now, cancellationToken);
        var diagnosis = Diagnostician.Diagnose(Guid.CreateVersion7(now), deployment.Name, deployment.Champion, facts, options.Value, now, occasion);
        diagnosis = diagnosis with { UnchangedSince = await UnchangedSinceAsync(diagnosis, cancellationToken) };
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
        return new DiagnosisFacts(report, onset, holdout?.MeanAveragePrecision() is { } value ? await HoldoutAsync(deployment, holdout, value, cancellationToken) : null,
            await VolumeAsync(deployment, baseline, report, now, cancellationToken));
    }

    async Task<HoldoutFact> HoldoutAsync(DeploymentInfo deployment, EvaluationInfo newest, double value, CancellationToken cancellationToken)
    {
        var verdict = await holdouts.VerdictAsync(deployment, newest.Model, cancellationToken, newest.At);
        return new HoldoutFact(value, newest.Low, newest.High, newest.At, verdict,
            HoldoutTrend.Labels(newest.ToPoint(), 2 * verdict.Drop)); // a drop shows when half the interval is smaller
    }

    /// <summary>Traffic over the newest report's window, or, without one, over the configured one.</summary>
    async Task<VolumeFact> VolumeAsync(
        DeploymentInfo deployment, LockedBaseline? baseline, DriftReport? report, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var to = report?.To ?? (await TelemetryCoverage.ReadAsync(database, cancellationToken)).ClosedUntil(now, telemetry.Value.Grace).Floor(Resolutions.TenSeconds);
        var from = report?.From ?? to - drift.Value.Window;
        var own = await WindowReader.BucketsAsync(database, deployment.Name, from, to, SignalWindow.CellSecondsFor(to - from), SketchParts.Latency,
            series => series.Slot == ModelSlot.Champion, cancellationToken);
        foreach (var bucket in own) SignalWindow.Keep(bucket.Sketch, drift.Value.Classes);
        var sum = SeriesSketch.Sum(own.Select(bucket => bucket.Sketch));
        return new VolumeFact(
            to > from ? sum.Detections / (to - from).TotalMinutes : null, baseline?.Content.DetectionsPerMinute,
            sum.MeanDetectionsPerRequest, baseline?.Content.DetectionsPerRequest, sum.LatencyQuantile(0.95), deployment.LatencyBudgetMs,
            baseline is null || to <= from ? null : await CamerasAsync(baseline, own, (to - from).TotalMinutes, cancellationToken));
    }

    async Task<List<CameraVolume>> CamerasAsync(
        LockedBaseline baseline, List<SeriesBucket> now, double minutes, CancellationToken cancellationToken)
    {
        var window = await BaselineCells.ReadAsync(database, baseline, cancellationToken);
        var current = now.GroupBy(bucket => bucket.Camera).ToDictionary(camera => camera.Key, camera => camera.Sum(bucket => bucket.Sketch.Detections) / minutes);
        return [.. window.Cells.GroupBy(cell => cell.Camera).Where(camera => camera.Key != SignalWindow.OtherCameras).Select(camera =>
            new CameraVolume(camera.Key, camera.Sum(cell => cell.Sketch.Detections) / window.Length.TotalMinutes, current.GetValueOrDefault(camera.Key)))];
    }

    /// <summary>When the unbroken run of diagnoses of this action and model began; this one's own time when it begins one.</summary>
    async Task<DateTimeOffset> UnchangedSinceAsync(Diagnosis diagnosis, CancellationToken cancellationToken)
    {
        var before = (await ListAsync(database, diagnosis.Deployment, 1, cancellationToken)).FirstOrDefault();
        return before is not null && before.Action == diagnosis.Action && before.Model == diagnosis.Model ? before.UnchangedSince ?? before.MadeAt : diagnosis.MadeAt;
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
