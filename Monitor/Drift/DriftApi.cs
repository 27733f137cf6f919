using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.Monitor.Drift.Embeddings;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Drift;

/// <summary>The body of <c>POST drift-reports</c>.</summary>
/// <param name="WindowSeconds">Null = a configured window.</param>
/// <param name="Recent">The shorter configured window, which the daily comparison looks at, instead of the week.</param>
public sealed record DriftReportRequest(double? WindowSeconds = null, bool Recent = false);

public static class DriftApi
{
    public static void AddDrift(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DriftOptions>().BindConfiguration("Monitor:Drift").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddPlainClient(SampledEmbeddings.Inference, SampledEmbeddings.HttpClientSuffix, SampledEmbeddings.Patience);
        builder.Services.AddSingleton<SampledEmbeddings>();
        builder.Services.AddSingleton<EmbeddingReader>();
        builder.Services.AddSingleton<DriftEvaluator>();
    }

    /// <summary>Maps <c>/v1/deployments/{deployment}/drift-reports</c> and <c>POST /v1/drift/two-sample</c>.</summary>
    public static IEndpointRouteBuilder MapDriftApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/deployments/{deployment}/drift-reports").WithTags("Drift");
        group.MapPost("/", EvaluateAsync).RequireAuthorization(Access.Operate)
            .WithSummary("Compares the current window with the locked baseline now and keeps the report.");
        group.MapGet("/", ListAsync).RequireAuthorization(Access.View);
        routes.MapPost("/v1/drift/two-sample", TwoSample.Compare).RequireAuthorization(Access.View).WithTags("Drift")
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(TwoSample.LargestBody))
            .WithSummary("Kolmogorov-Smirnov as scipy's ks_2samp, PSI, Wasserstein and Jensen-Shannon of two samples; nothing is kept.");
        routes.MapDriftHistoryApi();
        routes.MapFrameDistancesApi();
        return routes;
    }

    static async Task<Results<Ok<DriftReport>, ProblemHttpResult>> EvaluateAsync(
        string deployment, DriftEvaluator evaluator, NpgsqlDataSource database, CancellationToken cancellationToken, DriftReportRequest? request = null)
    {
        if (request?.WindowSeconds is <= 0 or > 5_184_000) return Problem.BadRequest("windowSeconds is between 0 and 60 days.");
        if (await DeploymentStore.FindAsync(database, deployment, cancellationToken) is not { } known) return Problem.NotFound(DeploymentStore.Unknown(deployment));
        var baseline = await BaselineStore.FindLockedAsync(database, deployment, cancellationToken);
        if (baseline is null) return Problem.Conflict($"'{deployment}' has no locked baseline yet. One locks when it has collected for long enough.");
        if (baseline.Info.Model != known.Champion)
            return Problem.Conflict($"The locked baseline is of {baseline.Info.Model}, but {known.Champion} serves: its own baseline must lock first.");
        TimeSpan? window = request?.WindowSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        return TypedResults.Ok(await evaluator.EvaluateAsync(baseline, window, request?.Recent == true, cancellationToken));
    }

    static async Task<Results<Ok<List<DriftReport>>, ProblemHttpResult>> ListAsync(
        string deployment, NpgsqlDataSource database, CancellationToken cancellationToken, int limit = 20, DateTimeOffset? from = null, DateTimeOffset? to = null) =>
        limit is < 1 or > 1000
            ? Problem.BadRequest("limit is between 1 and 1000.")
            : TypedResults.Ok(await DriftEvaluator.ListAsync(database, deployment, limit, from, to, cancellationToken));
}
