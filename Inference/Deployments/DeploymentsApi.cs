using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Execution;
using RetrainLoop.Inference.Models;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Deployments;

static class DeploymentsApi
{
    public static void AddDeployments(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DeploymentOptions>().BindConfiguration("Deployments").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<Replicas>();
        builder.Services.AddSingleton<DeploymentDirectory>();
        builder.Services.AddSingleton<DeploymentChange>();
        builder.Services.AddHostedSingleton<DeploymentWatcher>();
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "deployments", services => services.GetRequiredService<DeploymentWatcher>(), HealthStatus.Unhealthy, tags: null));
    }

    public static void MapDeployments(this IEndpointRouteBuilder routes)
    {
        var deployments = routes.MapGroup("/v1/deployments").WithTags("Deployments");
        deployments.MapPut("/{deployment}", PutAsync).RequireAuthorization(Access.Operate);
        deployments.MapPut("/{deployment}/sampling", PutSamplingAsync).RequireAuthorization(Access.Operate);
        deployments.MapGet("/{deployment}", ReadAsync).RequireAuthorization(Access.View);
        deployments.MapTransitions();
        deployments.MapGet("", async (NpgsqlDataSource database, CancellationToken cancellationToken) =>
            TypedResults.Ok(await DeploymentSql.ListAsync(database, cancellationToken))).RequireAuthorization(Access.View);
    }

    static async Task<Results<Ok<DeploymentInfo>, ProblemHttpResult>> PutAsync(
        string deployment, DeploymentRequest request, HttpContext http, DeploymentChange change, LoadedModels models, NpgsqlDataSource database,
        IOptions<DeploymentOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        var model = new ModelRef(request.Model, request.Version);
        if (await ModelSql.FindAsync(database, model, cancellationToken) is not { } info)
            return Problem.Unprocessable($"There is no model {model}. Upload it with POST /v1/models; GET /v1/models lists what there is.");
        try
        {
            // Loading before the change is written keeps the old champion when the new one does not run here.
            var loaded = await models.AcquireAsync(model, cancellationToken);
            try
            {
                return await change.MakeAsync(deployment, http.User.Identity?.Name ?? "unknown", request.Reason ?? "Without a reason.",
                    current => DeploymentRules.Apply(deployment, current, request, info.ClassNames, options.Value.LatencyBudgetMs, time.GetUtcNow()),
                    cancellationToken);
            }
            finally
            {
                loaded.Release();
            }
        }
        catch (UnservableModelException exception)
        {
            return Problem.Unprocessable(exception.Message);
        }
    }

    static Task<Results<Ok<DeploymentInfo>, ProblemHttpResult>> PutSamplingAsync(
        string deployment, SamplingPolicy policy, HttpContext http, DeploymentChange change, CancellationToken cancellationToken) =>
        change.MakeAsync(deployment, http.User.Identity?.Name ?? "unknown", "Sampling policy set.", current =>
            DeploymentRules.Wrong(policy) is { } wrong ? new DeploymentDecision(null, StatusCodes.Status400BadRequest, wrong)
            : current is null ? new DeploymentDecision(null, StatusCodes.Status404NotFound, NoDeployment(deployment))
            : new DeploymentDecision(current with { Sampling = policy }), cancellationToken);

    static async Task<Results<Ok<DeploymentInfo>, ProblemHttpResult>> ReadAsync(
        string deployment, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await DeploymentSql.FindAsync(database, deployment, cancellationToken) is { } info ? TypedResults.Ok(info)
            : Problem.NotFound(NoDeployment(deployment));

    /// <summary>How to make what is missing.</summary>
    public static string NoDeployment(string name) =>
        $"There is no deployment '{name}'. Register a model with POST /v1/models, then make it: "
        + $"PUT /v1/deployments/{name} {{\"model\": \"NAME\", \"version\": 1}}.";
}
