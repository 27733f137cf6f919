using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Evaluations;

static class HoldoutApi
{
    const double UsualWidth = 0.02;

    /// <summary>Maps <c>/v1/deployments/{deployment}/holdout</c>.</summary>
    public static void MapHoldoutApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/deployments/{deployment}/holdout", ReadAsync).RequireAuthorization(Access.View).WithTags("Evaluations")
            .WithSummary("The champion's mAP on the live and the locked holdout over weeks, with intervals, markers and what the curve says.");

    /// <param name="width">Wanted width of the 95 % interval as a fraction.</param>
    static async Task<Results<Ok<HoldoutHistory>, ProblemHttpResult>> ReadAsync(
        string deployment, HoldoutReader reader, NpgsqlDataSource database, CancellationToken cancellationToken, int weeks = 26, double width = UsualWidth)
    {
        if (weeks is < 1 or > 520) return Problem.BadRequest("weeks is between 1 and 520.");
        if (width is not (> 0 and <= 1)) return Problem.BadRequest("width is the wanted width of the interval as a fraction in (0, 1].");
        return await DeploymentStore.FindAsync(database, deployment, cancellationToken) is { } known
            ? TypedResults.Ok(await reader.ReadAsync(known, weeks, width, cancellationToken))
            : Problem.NotFound(DeploymentStore.Unknown(deployment));
    }
}
