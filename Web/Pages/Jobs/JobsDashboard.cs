using Hangfire;
using System.Security.Claims;
using Policies = RetrainLoop.ServiceDefaults.Security.Access;

namespace RetrainLoop.Web.Pages.Jobs;

/// <summary>Hangfire's own dashboard: operators look, administrators act.</summary>
static class JobsDashboard
{
    public static void MapJobsDashboard(this WebApplication app) => app.MapHangfireDashboard("/hangfire", new DashboardOptions
    {
        // The route's policy decides who comes in; the default here would let everybody on this machine in and nobody else.
        Authorization = [],
        IsReadOnlyFunc = context => !context.GetHttpContext().User.HasClaim(ClaimTypes.Role, nameof(AccessRole.Admin)),
        AppPath = "/jobs",
        DashboardTitle = "RetrainLoop jobs",
        DisplayStorageConnectionString = false,
    }).RequireAuthorization(Policies.Operate);
}
