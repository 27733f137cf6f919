using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.Monitor.Series;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Baselines;

public static class BaselinesApi
{
    public static void AddBaselines(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<BaselineOptions>().BindConfiguration("Monitor:Baseline").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHostedSingleton<BaselineCollector>();
    }

    /// <summary>Maps <c>/v1/deployments/{deployment}/baselines</c>.</summary>
    public static IEndpointRouteBuilder MapBaselinesApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/deployments/{deployment}/baselines").WithTags("Baselines");
        group.MapPost("/", StartAsync).RequireAuthorization(Access.Operate)
            .WithSummary("Starts collecting a baseline; the same key answers with the one it already made.");
        group.MapGet("/", ListAsync).RequireAuthorization(Access.View);
        return routes;
    }

    static async Task<Results<Ok<BaselineInfo>, ProblemHttpResult>> StartAsync(
        string deployment, BaselineRequest request, NpgsqlDataSource database, ChangeNudge nudge, TimeProvider time, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Key) || request.Model?.Name is null) return Problem.BadRequest("A baseline needs a key and a model.");
        if (await DeploymentStore.FindAsync(database, deployment, cancellationToken) is null) return Problem.NotFound(DeploymentStore.Unknown(deployment));
        var now = time.GetUtcNow();
        var from = (request.From ?? now).Floor(Resolutions.TenSeconds);
        var baseline = await BaselineStore.StartAsync(database, deployment, request, from, now, cancellationToken);
        if (baseline.Deployment != deployment) return Problem.Conflict($"The key '{request.Key}' belongs to a baseline of '{baseline.Deployment}'.");
        nudge.Changed();
        return TypedResults.Ok(baseline);
    }

    static async Task<Ok<List<BaselineInfo>>> ListAsync(string deployment, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        TypedResults.Ok(await BaselineStore.ListAsync(database, deployment, cancellationToken));
}
