using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Metrics.Exposition;

/// <summary>Reads the last closed minute.</summary>
public sealed class LatestFigures(NpgsqlDataSource database, IOptions<TelemetryOptions> telemetry, TimeProvider time)
{
    /// <param name="deployment">Null = every deployment.</param>
    public async Task<IReadOnlyList<LatestFigure>> ReadAsync(string? deployment, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var coverage = await TelemetryCoverage.ReadAsync(database, cancellationToken);
        var closed = coverage.ClosedUntil(now, telemetry.Value.Grace).Floor(Resolutions.Minute);
        var figures = new List<LatestFigure>();
        if (coverage.Newest is { } newest)
            figures.Add(new LatestFigure("retrainloop_telemetry_lag_seconds", "s", "Time since the newest instant that telemetry covers.", [], Math.Max(0, (now - newest).TotalSeconds)));
        if (coverage.Boots.Count > 0)
            figures.Add(new LatestFigure("retrainloop_telemetry_closed_timestamp_seconds", "s", "Unix time up to which telemetry is complete.", [], closed.ToUnixTimeSeconds()));
        var names = deployment is not null ? [deployment] : (await DeploymentStore.ListAsync(database, cancellationToken)).Select(known => known.Name);
        foreach (var name in names)
        {
            var query = new SeriesQuery(name, Resolutions.Minute, closed.AddMinutes(-1), closed) { Level = SeriesLevel.Region, Parts = SketchParts.Latency };
            foreach (var bucket in await SeriesStore.ReadAsync(database, query, cancellationToken))
                figures.AddRange(LatestFigure.Of(new SeriesKey(name, bucket.Model, bucket.Slot, bucket.Region, bucket.Camera), bucket.Sketch));
        }
        return figures;
    }
}
