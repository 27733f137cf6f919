using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Diagnoses;

/// <summary>The body of <c>POST diagnoses</c>.</summary>
public sealed record DiagnosisRequest(DiagnosisOccasion Occasion = DiagnosisOccasion.Asked);

public static class DiagnosesApi
{
    public static void AddDiagnoses(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DiagnosisOptions>().BindConfiguration(DiagnosisOptions.Section).ValidateDataAnnotations()
            .Validate<IConfiguration>((_, configuration) => configuration[DiagnosisOptions.FormerDrop] is null, DiagnosisOptions.FormerDropIsSet)
            .ValidateOnStart();
        builder.Services.AddSingleton<DiagnosisEvaluator>();
    }

    /// <summary>Maps <c>/v1/deployments/{deployment}/diagnoses</c>.</summary>
    public static IEndpointRouteBuilder MapDiagnosesApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/deployments/{deployment}/diagnoses").WithTags("Diagnoses");
        group.MapPost("/", EvaluateAsync).RequireAuthorization(Access.Operate).WithSummary("Runs the decision table on the newest measurements and keeps the result.");
        group.MapGet("/", ListAsync).RequireAuthorization(Access.View);
        return routes;
    }

    static async Task<Results<Ok<Diagnosis>, ProblemHttpResult>> EvaluateAsync(
        string deployment, DiagnosisEvaluator evaluator, NpgsqlDataSource database, CancellationToken cancellationToken, DiagnosisRequest? request = null) =>
        await DeploymentStore.FindAsync(database, deployment, cancellationToken) is { } known
            ? TypedResults.Ok(await evaluator.EvaluateAsync(known, request?.Occasion ?? DiagnosisOccasion.Asked, cancellationToken))
            : Problem.NotFound(DeploymentStore.Unknown(deployment));

    static async Task<Results<Ok<List<Diagnosis>>, ProblemHttpResult>> ListAsync(
        string deployment, NpgsqlDataSource database, CancellationToken cancellationToken, int limit = 20) =>
        limit is < 1 or > 1000
            ? Problem.BadRequest("limit is between 1 and 1000.")
            : TypedResults.Ok(await DiagnosisEvaluator.ListAsync(database, deployment, limit, cancellationToken));
}
