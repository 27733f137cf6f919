using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Diagnoses;
using RetrainLoop.Monitor.Drift;
using RetrainLoop.Monitor.Evaluations;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Metrics;

/// <summary>Gathers the newest figures of a deployment. What was found on a former champion says nothing of the model that serves now.</summary>
public sealed class SummaryReader(NpgsqlDataSource database, IOptions<TelemetryOptions> telemetry, TimeProvider time)
{
    static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public async Task<DeploymentSummary> ReadAsync(DeploymentInfo deployment, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var coverage = await TelemetryCoverage.ReadAsync(database, cancellationToken);
        var closed = coverage.ClosedUntil(now, telemetry.Value.Grace).Floor(Resolutions.TenSeconds);
        var minute = SeriesSketch.Sum((await SeriesStore.ReadAsync(database, new SeriesQuery(
            deployment.Name, Resolutions.TenSeconds, closed.AddSeconds(-Resolutions.Minute), closed)
        {
            Level = SeriesLevel.Region, Parts = SketchParts.Latency, Where = series => series.Slot != ModelSlot.Shadow,
        }, cancellationToken)).Select(bucket => bucket.Sketch));
        var day = await SeriesStore.ReadAsync(database, new SeriesQuery(deployment.Name, Resolutions.Hour, now - Day, now)
        {
            Level = SeriesLevel.Region, Parts = SketchParts.Counts, Where = series => series.Slot != ModelSlot.Shadow,
        }, cancellationToken);
        var alive = coverage.IsAlive(closed.AddSeconds(-Resolutions.Minute), closed);
        return new DeploymentSummary(
            deployment.Name, now, minute.Requests / (double)Resolutions.Minute, Latency(minute), minute.ErrorRate, minute.MeanDetectionsPerRequest,
            alive ? minute.Detections : null, minute.MeanConfidence, MetricQuery.RegionShares(day.Select(bucket => (bucket.Region, bucket.Sketch.Requests))),
            await BaselineAsync(deployment, cancellationToken),
            (await DriftEvaluator.ListAsync(database, deployment.Name, 1, cancellationToken))
                .Select(report => report with { LikelihoodRatios = null }).FirstOrDefault(report => report.Model == deployment.Champion),
            (await DiagnosisEvaluator.ListAsync(database, deployment.Name, 1, cancellationToken)).FirstOrDefault(diagnosis => diagnosis.Model == deployment.Champion),
            await EvaluationStore.NewestAsync(database, deployment.Name, EvaluationPurposes.LiveHoldout, deployment.Champion, cancellationToken),
            await FiringAsync(deployment.Name, cancellationToken),
            coverage.Newest is { } newest ? Math.Max(0, (now - newest).TotalSeconds) : null);
    }

    /// <summary>The champion's newest baseline: the one that collects, or the one that is locked.</summary>
    async Task<BaselineInfo?> BaselineAsync(DeploymentInfo deployment, CancellationToken cancellationToken) =>
        (await BaselineStore.ListAsync(database, deployment.Name, cancellationToken))
            .FirstOrDefault(baseline => baseline.State != BaselineState.Superseded && baseline.Model == deployment.Champion);

    async Task<int> FiringAsync(string deployment, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await AlertStore.ListAsync(connection, cancellationToken)).Count(alert => alert.Deployment == deployment && alert.Status.State == AlertState.Firing);
    }

    static Dictionary<string, double>? Latency(SeriesSketch sketch) => sketch.LatencyQuantile(0.5) is { } median
        ? new() { ["50"] = median, ["95"] = sketch.LatencyQuantile(0.95)!.Value, ["99"] = sketch.LatencyQuantile(0.99)!.Value }
        : null;
}
