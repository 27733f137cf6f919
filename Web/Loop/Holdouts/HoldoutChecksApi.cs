using System.Globalization;
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
        string deployment, HoldoutChecks checks, InferenceClient inference, PulseSignal pulse, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await inference.FindDeploymentAsync(deployment, cancellationToken) is null) return Problem.NotFound($"There is no deployment '{deployment}'.");
        var open = (await checks.ListAsync(deployment, 1, cancellationToken)).FirstOrDefault(check => check.FinishedAt is null);
        if (open is null)
        {
            await checks.AddAsync(deployment, time.GetUtcNow().ToString("'by hand 'yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), diagnose: true, cancellationToken);
            pulse.Wake();
            open = (await checks.ListAsync(deployment, 1, cancellationToken))[0];
        }
        return TypedResults.Accepted($"/v1/deployments/{deployment}/holdout-checks", open);
    }
}
