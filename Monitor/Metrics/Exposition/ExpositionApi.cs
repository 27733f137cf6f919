using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Metrics.Exposition;

static class ExpositionApi
{
    /// <summary>Registers the figures for Prometheus, and, where an OTLP endpoint is configured, the gauges that are pushed to it.</summary>
    public static void AddExposition(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LatestFigures>();
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) builder.Services.AddHostedService<FigureGauges>();
    }

    /// <summary>Maps <c>/v1/prometheus</c>, and the same for one deployment for keys that are limited to it.</summary>
    public static IEndpointRouteBuilder MapExposition(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").RequireAuthorization(Access.View).WithTags("Metrics");
        group.MapGet("/prometheus", (LatestFigures figures, CancellationToken cancellationToken) => WriteAsync(figures, null, cancellationToken))
            .WithSummary("The last closed minute of every deployment for a Prometheus scrape (authorization: Bearer KEY).");
        group.MapGet("/deployments/{deployment}/prometheus",
                (string deployment, LatestFigures figures, CancellationToken cancellationToken) => WriteAsync(figures, deployment, cancellationToken))
            .WithSummary("The last closed minute of one deployment for a Prometheus scrape.");
        return routes;
    }

    static async Task<ContentHttpResult> WriteAsync(LatestFigures figures, string? deployment, CancellationToken cancellationToken) =>
        TypedResults.Text(PrometheusText.Write(await figures.ReadAsync(deployment, cancellationToken)), PrometheusText.ContentType, Encoding.UTF8);
}
