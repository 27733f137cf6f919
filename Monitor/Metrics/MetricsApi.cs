using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Metrics;

public static class MetricsApi
{
    const int MostPoints = 5000;

    public static void AddMetrics(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<SummaryReader>();

    /// <summary>Maps <c>/v1/deployments/{deployment}/metrics</c> and <c>/summary</c>.</summary>
    public static IEndpointRouteBuilder MapMetricsApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/deployments/{deployment}").RequireAuthorization(Access.View).WithTags("Metrics");
        group.MapGet("/metrics", QueryAsync).WithSummary("Points of one chart; a point is [time, value], null where nothing was measured.");
        group.MapGet("/summary", SummariseAsync).WithSummary("The newest figures of a deployment, for its cards.");
        return routes;
    }

    /// <param name="metric">latency (ms), requests (per second), errors (shares by kind), detections (per request and minute), confidence, regions (shares).</param>
    /// <param name="from">Default: an hour before <paramref name="to"/>.</param>
    /// <param name="to">Default: now.</param>
    /// <param name="step">Seconds, a multiple of 10.</param>
    /// <param name="percentiles">For latency, comma-separated, each between 0 and 100.</param>
    /// <param name="region">Only this region.</param>
    /// <param name="camera">Only this camera.</param>
    /// <param name="slot">Only this slot; default: every slot that answers callers.</param>
    static async Task<Results<Ok<MetricsResponse>, ProblemHttpResult>> QueryAsync(
        string deployment, string metric, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken,
        DateTimeOffset? from = null, DateTimeOffset? to = null, int step = 60, string percentiles = "50,95,99",
        string? region = null, string? camera = null, string? slot = null)
    {
        if (!Enum.TryParse<Metric>(metric, ignoreCase: true, out var wanted) || !Enum.IsDefined(wanted))
            return Problem.BadRequest($"metric is latency, requests, errors, detections, confidence or regions, not '{metric}'.");
        ModelSlot? inSlot = Enum.TryParse<ModelSlot>(slot, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : null;
        if (slot is not null && inSlot is null) return Problem.BadRequest($"slot is champion, candidate or shadow, not '{slot}'.");
        if (step < Resolutions.TenSeconds || step % Resolutions.TenSeconds != 0) return Problem.BadRequest("step is a multiple of 10 seconds.");
        var end = to ?? time.GetUtcNow();
        var start = from ?? end.AddHours(-1);
        if (start >= end) return Problem.BadRequest("from is before to.");
        if ((end - start).TotalSeconds / step > MostPoints) return Problem.BadRequest($"That is more than {MostPoints} points: take a longer step.");
        if (Percentiles(percentiles) is not { } quantiles) return Problem.BadRequest("percentiles are numbers between 0 and 100, separated by commas.");

        var resolution = step % Resolutions.Minute == 0 ? Resolutions.Minute : Resolutions.TenSeconds;
        var buckets = (await SeriesStore.ReadAsync(database, deployment, resolution, start.Floor(step), end, cancellationToken)).Where(bucket =>
            (inSlot is null ? bucket.Slot != ModelSlot.Shadow : bucket.Slot == inSlot)
            && (region is null || bucket.Region == region) && (camera is null || bucket.Camera == camera));
        var coverage = await TelemetryCoverage.ReadAsync(database, cancellationToken);
        return TypedResults.Ok(new MetricsResponse(MetricQuery.Run(wanted, MetricQuery.Steps(buckets, coverage, start, end, step), step, quantiles)));
    }

    static async Task<Results<Ok<DeploymentSummary>, ProblemHttpResult>> SummariseAsync(
        string deployment, NpgsqlDataSource database, SummaryReader summaries, CancellationToken cancellationToken) =>
        await DeploymentStore.FindAsync(database, deployment, cancellationToken) is { } known
            ? TypedResults.Ok(await summaries.ReadAsync(known, cancellationToken))
            : Problem.NotFound(DeploymentStore.Unknown(deployment));

    static List<double>? Percentiles(string text)
    {
        var percentiles = new List<double>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var p) || p is not (>= 0 and <= 100)) return null;
            percentiles.Add(p);
        }
        return percentiles.Count == 0 ? null : percentiles;
    }
}
