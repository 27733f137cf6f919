using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Web.Stack;

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
        string deployment, RetrainPolicy policy, RetrainPolicies policies, LoopSchedule schedule, InferenceClient inference, ClaimsPrincipal user,
        CancellationToken cancellationToken)
    {
        if (policy.Refusal() is { } refusal) return Problem.BadRequest(refusal);
        if (await inference.FindDeploymentAsync(deployment, cancellationToken) is not { } known)
            return Problem.NotFound($"There is no deployment '{deployment}'. Set it up first with PUT /v1/deployments/{deployment} on Inference.");
        try
        {
            schedule.Apply(known.Name, known.Zone, policy);
        }
        catch (ArgumentException exception)
        {
            schedule.Apply(known.Name, known.Zone, await policies.OfAsync(deployment, cancellationToken));
            return Problem.BadRequest($"A cron is not understood: {exception.Message}");
        }
        await policies.SetAsync(deployment, policy, user.Identity?.Name ?? "unknown", cancellationToken);
        return TypedResults.Ok(policy);
    }
}
