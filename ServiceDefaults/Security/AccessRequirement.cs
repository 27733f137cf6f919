using Microsoft.AspNetCore.Routing;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace RetrainLoop.ServiceDefaults.Security;

/// <summary>At least this role, and within the key's deployments when the route names one as <c>{deployment}</c>.</summary>
sealed class AccessRequirement(AccessRole role) : AuthorizationHandler<AccessRequirement>, IAuthorizationRequirement
{
    AccessRole Role => role;

    // Called for every requirement of a call, also those of other policies on the same route: judge the one that is asked, not one's own.
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, AccessRequirement requirement)
    {
        if (HasRole(context.User, requirement.Role) && CoversDeployment(context)) context.Succeed(requirement);
        return Task.CompletedTask;
    }

    static bool HasRole(ClaimsPrincipal user, AccessRole wanted) => user.FindAll(ClaimTypes.Role)
        .Any(claim => Enum.TryParse<AccessRole>(claim.Value, out var held) && held >= wanted);

    static bool CoversDeployment(AuthorizationHandlerContext context)
    {
        var limits = context.User.FindAll(Access.DeploymentClaim).Select(claim => claim.Value).ToList();
        if (limits.Count == 0) return true;
        // A limited key reaches only routes that name a deployment: everything else shows or changes more than its share.
        return context.Resource is HttpContext http && http.GetRouteValue("deployment") is string deployment && limits.Contains(deployment);
    }
}
