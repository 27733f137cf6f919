using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RetrainLoop.ServiceDefaults.Hosting;

static class HealthReportWriter
{
    /// <summary>Names each check and what it says, so that "not ready" explains itself.</summary>
    public static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new
        {
            status = report.Status.ToString(),
            checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { status = entry.Value.Status.ToString(), entry.Value.Description }),
        },
        context.RequestAborted);
}
