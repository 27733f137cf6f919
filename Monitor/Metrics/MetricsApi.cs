using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.Monitor.Metrics.Exposition;
using RetrainLoop.Monitor.Replays;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Metrics;

public static class MetricsApi
{
    public static void AddMetrics(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SummaryReader>();
        builder.AddExposition();
    }

    /// <summary>Maps <c>/v1/deployments/{deployment}/metrics</c>, <c>/figures</c>, <c>/dimensions</c>, <c>/summary</c> and Prometheus.</summary>
    public static IEndpointRouteBuilder MapMetricsApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/deployments/{deployment}").RequireAuthorization(Access.View).WithTags("Metrics");
        group.MapGet("/metrics", QueryAsync).WithSummary("Points of one chart as JSON or CSV; a point is [time, value], null where nothing was measured.")
            .WithDescription(
                """
                metric: latency, stages (ms) · requests (per second) · errors (shares by kind) · detections (per request and minute) · detectionsPerMinute ·
                confidence · classes (detections per minute by class) · regions (shares, per day unless step says otherwise).
                from, to: default the last hour. step: seconds, 1 to 9 or a multiple of 10; default suits the range (60 up to 12 hours, 3600 for 30 days);
                whole days follow the deployment's zone. split: none, version, slot, region, camera, class, kind. Filters: model=name:version, slot, region,
                camera, class; shadow traffic only when the slot asks for it. percentiles: for latency and stages. replay: the id of a replay, whose own time
                is asked for instead; it keeps minutes, default all of it.
                """);
        group.MapGet("/figures", FiguresAsync).WithSummary("The numbers of a period, and how they changed against the period of equal length before it.");
        group.MapGet("/dimensions", DimensionsAsync).WithSummary("The models, slots, regions, cameras and classes that a period saw.");
        group.MapGet("/summary", SummariseAsync).WithSummary("The newest figures of a deployment, for its cards.");
        routes.MapExposition();
        return routes;
    }

    static async Task<Results<Ok<MetricsResponse>, FileContentHttpResult, ProblemHttpResult>> QueryAsync(
        string deployment, [AsParameters] MetricRequest request, NpgsqlDataSource database, IOptions<TelemetryOptions> telemetry, TimeProvider time,
        CancellationToken cancellationToken, Guid? replay = null)
    {
        if (replay is { } id) return await ReplayMetrics.QueryAsync(database, deployment, id, request, cancellationToken);
        var (chart, refusal) = MetricChart.Parse(request, await ZoneAsync(database, deployment, cancellationToken), time.GetUtcNow());
        if (chart is null) return Problem.BadRequest(refusal!);
        var finest = SeriesRetention.FinestKept(time.GetUtcNow() - chart.Range.From, telemetry.Value);
        var metrics = await MetricsReader.ReadAsync(database, deployment, chart with { Range = chart.Range.NoFinerThan(finest) }, cancellationToken);
        return Answer(deployment, request, metrics);
    }

    /// <summary>In the format that was asked for.</summary>
    internal static Results<Ok<MetricsResponse>, FileContentHttpResult, ProblemHttpResult> Answer(string deployment, MetricRequest request, MetricsResponse metrics) =>
        request.Format == "csv"
            ? TypedResults.File(Encoding.UTF8.GetBytes(MetricsCsv.Write(metrics)), "text/csv; charset=utf-8", $"{deployment}-{request.Metric}.csv")
            : TypedResults.Ok(metrics);

    static async Task<Results<Ok<IReadOnlyList<MetricFigure>>, ProblemHttpResult>> FiguresAsync(
        string deployment, NpgsqlDataSource database, IOptions<TelemetryOptions> telemetry, TimeProvider time, CancellationToken cancellationToken,
        DateTimeOffset? from = null, DateTimeOffset? to = null, string? model = null, string? slot = null, string? region = null, string? camera = null, string? @class = null)
    {
        var end = to ?? time.GetUtcNow();
        var start = from ?? end.AddHours(-1);
        if (end - start < TimeSpan.FromMinutes(1) || start < DateTimeOffset.UnixEpoch) return Problem.BadRequest("A period is at least a minute long: from is that long before to.");
        return MetricFilter.Parse(model, slot, region, camera, @class) is { Filter: { } filter }
            ? TypedResults.Ok(await MetricsReader.FiguresAsync(database, deployment, filter, start, end, cancellationToken,
                SeriesRetention.FinestKept(time.GetUtcNow() - (start - (end - start)), telemetry.Value)))
            : Problem.BadRequest(MetricFilter.Parse(model, slot, region, camera, @class).Refusal!);
    }

    static async Task<Results<Ok<MetricDimensions>, ProblemHttpResult>> DimensionsAsync(
        string deployment, NpgsqlDataSource database, IOptions<TelemetryOptions> telemetry, TimeProvider time, CancellationToken cancellationToken,
        DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        var end = to ?? time.GetUtcNow();
        var start = from ?? end.AddDays(-1);
        return start >= end || start < DateTimeOffset.UnixEpoch
            ? Problem.BadRequest("from is before to.")
            : TypedResults.Ok(await MetricsReader.DimensionsAsync(database, deployment, start, end, cancellationToken,
                SeriesRetention.FinestKept(time.GetUtcNow() - start, telemetry.Value)));
    }

    static async Task<Results<Ok<DeploymentSummary>, ProblemHttpResult>> SummariseAsync(
        string deployment, NpgsqlDataSource database, SummaryReader summaries, CancellationToken cancellationToken) =>
        await DeploymentStore.FindAsync(database, deployment, cancellationToken) is { } known
            ? TypedResults.Ok(await summaries.ReadAsync(known, cancellationToken))
            : Problem.NotFound(DeploymentStore.Unknown(deployment));

    /// <summary>Telemetry may be there before the deployment is known here; until then its days are UTC's.</summary>
    static async Task<TimeZoneInfo> ZoneAsync(NpgsqlDataSource database, string deployment, CancellationToken cancellationToken) =>
        TimeZoneInfo.FindSystemTimeZoneById((await DeploymentStore.FindAsync(database, deployment, cancellationToken))?.Zone ?? "UTC");
}
