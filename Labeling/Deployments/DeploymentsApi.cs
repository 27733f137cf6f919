using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Labeling.Deployments;

public static class DeploymentsApi
{
    public static void AddDeployments(this IHostApplicationBuilder builder) =>
        builder.Services.AddOptions<SplitOptions>().BindConfiguration("Labeling:Split").ValidateDataAnnotations().ValidateOnStart();

    public static void MapDeployments(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/deployments/{deployment}").WithTags("Deployments");
        group.MapPut("", PutAsync).RequireAuthorization(Access.Operate);
        group.MapGet("", GetAsync).RequireAuthorization(Access.View);
    }

    /// <summary>
    /// Sets what Labeling needs to know of a deployment. Omitted slot values stay as they are; new ones apply to frames that arrive from now on.
    /// </summary>
    static async Task<Results<Ok<LabelingDeployment>, ProblemHttpResult>> PutAsync(
        string deployment, LabelingDeployment request, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Problems(request) is { } problem) return Problem.Unprocessable(problem);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await Deployment.SaveAsync(connection, deployment, request, time.GetUtcNow(), cancellationToken);
        return TypedResults.Ok((await Deployment.FindAsync(connection, deployment, cancellationToken))!.ToContract());
    }

    static async Task<Results<Ok<LabelingDeployment>, ProblemHttpResult>> GetAsync(
        string deployment, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await Deployment.FindAsync(connection, deployment, cancellationToken) is { } found
            ? TypedResults.Ok(found.ToContract())
            : Unknown(deployment);
    }

    public static ProblemHttpResult Unknown(string deployment) =>
        Problem.NotFound($"Labeling does not know the deployment '{deployment}' yet. It is published here a few seconds after Inference sets it up.");

    static string? Problems(LabelingDeployment request) =>
        request.ClassNames is not { Count: > 0 } ? "A deployment needs the class names of its model."
        : request.ClassNames.Distinct().Count() < request.ClassNames.Count ? "A class name appears twice; names must differ."
        : !TimeZoneInfo.TryFindSystemTimeZoneById(request.Zone ?? "", out _) ? $"'{request.Zone}' is no IANA time zone, for example Europe/Berlin."
        : request.SlotSeconds is <= 0 ? "slotSeconds is greater than 0."
        : request.EvaluationShare is < 0 or > 1 ? "evaluationShare lies between 0 and 1."
        : null;
}
