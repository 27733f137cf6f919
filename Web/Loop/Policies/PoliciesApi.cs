using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Web.Loop.Policies;

static class PoliciesApi
{
    public static void MapPoliciesApi(this IEndpointRouteBuilder routes)
    {
        var policies = routes.MapGroup("/v1/policies/{deployment}").WithTags("Policies");
        policies.MapGet("", ReadAsync).RequireAuthorization(Access.View).WithSummary("When the deployment is retrained, and how.");
        policies.MapPut("", WriteAsync).RequireAuthorization(Access.Operate).WithSummary(
            "Replaces the policy. A pass under way keeps the one that it began with.");
    }

    static async Task<Ok<RetrainPolicy>> ReadAsync(string deployment, RetrainPolicies policies, CancellationToken cancellationToken) =>
        TypedResults.Ok(await policies.OfAsync(deployment, cancellationToken));

    static async Task<Results<Ok<RetrainPolicy>, ProblemHttpResult>> WriteAsync(
        string deployment, RetrainPolicy policy, PolicyChange change, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await change.TryAsync(deployment, policy, user.Identity?.Name ?? "unknown", cancellationToken) switch
        {
            null => TypedResults.Ok(policy),
            { IsUnknown: true } refusal => Problem.NotFound(refusal.Reason),
            var refusal => Problem.BadRequest(refusal.Reason),
        };
}
