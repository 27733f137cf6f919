using System.Security.Claims;
using Hangfire;
using Hangfire.Dashboard;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Web.Pages.Jobs;

/// <summary>Hangfire's own dashboard: operators look, administrators act.</summary>
static class JobsDashboard
{
    public static void MapJobsDashboard(this WebApplication app) => app.MapHangfireDashboard("/hangfire", new DashboardOptions
    {
        // The route's policy decides who comes in; the default here would let in whoever sits at this machine.
        Authorization = [],
        IsReadOnlyFunc = context => !context.GetHttpContext().User.HasClaim(ClaimTypes.Role, nameof(AccessRole.Admin)),
        AppPath = "/jobs",
        DashboardTitle = "RetrainLoop jobs",
        DisplayStorageConnectionString = false,
    }).RequireAuthorization(Access.Operate);
}
