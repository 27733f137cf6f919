using Microsoft.AspNetCore.Http.HttpResults;
using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop.Holdouts;

static class HoldoutChecksApi
{
    public static void MapHoldoutChecksApi(this IEndpointRouteBuilder routes)
    {
        var checks = routes.MapGroup("/v1/deployments/{deployment}/holdout-checks").WithTags("Holdout checks");
        checks.MapGet("", ListAsync).RequireAuthorization(Access.View).WithSummary("Runs over the holdouts with their progress, newest first.");
        checks.MapPost("", RunNowAsync).RequireAuthorization(Access.Operate).WithSummary("Renews the live holdout and scores the champion on both holdouts now.");
    }

    static async Task<Results<Ok<IReadOnlyList<HoldoutCheckInfo>>, ProblemHttpResult>> ListAsync(
        string deployment, HoldoutChecks checks, CancellationToken cancellationToken, int limit = 20) =>
        limit is < 1 or > 500
            ? Problem.BadRequest("limit is between 1 and 500.")
            : TypedResults.Ok(await checks.ListAsync(deployment, limit, cancellationToken));

    static async Task<Results<Accepted<HoldoutCheckInfo>, ProblemHttpResult>> RunNowAsync(
        string deployment, HoldoutNow now, InferenceClient inference, CancellationToken cancellationToken) =>
        await inference.FindDeploymentAsync(deployment, cancellationToken) is null
            ? Problem.NotFound($"There is no deployment '{deployment}'.")
            : TypedResults.Accepted($"/v1/deployments/{deployment}/holdout-checks", await now.BeginAsync(deployment, cancellationToken));
}
