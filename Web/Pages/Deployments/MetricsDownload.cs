using Microsoft.AspNetCore.Http.HttpResults;
using RetrainLoop.ServiceDefaults.Security;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Pages.Deployments;

/// <summary>The points of a chart as a file, straight from Monitor: it never passes through a circuit.</summary>
public static class MetricsDownload
{
    /// <summary>Maps <c>GET /deployments/{deployment}/metrics.csv</c>; the query is that of Monitor's metrics.</summary>
    public static void MapMetricsDownload(this WebApplication app) => app
        .MapGet("/deployments/{deployment}/metrics.csv", ReadAsync).RequireAuthorization(Access.View).ExcludeFromDescription();

    static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ReadAsync(
        string deployment, string metric, HttpRequest request, MonitorClient monitor, CancellationToken cancellationToken)
    {
        try
        {
            var csv = await monitor.MetricsCsvAsync(deployment, request.QueryString, cancellationToken);
            return TypedResults.Bytes(csv, "text/csv", $"{deployment}-{metric}.csv");
        }
        catch (StackException exception)
        {
            return TypedResults.Problem(exception.Message, statusCode: exception.IsAway ? StatusCodes.Status502BadGateway : (int)exception.StatusCode!);
        }
    }
}
