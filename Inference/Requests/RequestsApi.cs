using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Requests;

static class RequestsApi
{
    const int MostPerPage = 1000;

    public static void AddRequests(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RequestOptions>().BindConfiguration("Requests").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHostedSingleton<RequestLog>();
        builder.Services.AddHostedSingleton<RequestRetention>();
    }

    public static void MapRequests(this IEndpointRouteBuilder routes)
    {
        var requests = routes.MapGroup("/v1/requests").WithTags("Requests").RequireAuthorization(Access.View);
        requests.MapGet("/{id}", ReadAsync).WithSummary("A request that failed or was sampled")
            .WithDescription("By the requestId of its answer. Other requests leave no trace but their telemetry.");
        requests.MapGet("", ListAsync).WithSummary("Requests that failed or were sampled, newest first");
    }

    static async Task<Results<Ok<RequestInfo>, ProblemHttpResult>> ReadAsync(
        string id, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await RequestSql.FindAsync(database, id, cancellationToken) is { } request
            ? TypedResults.Ok(request)
            : Problem.NotFound($"No request '{id}' is remembered. Only failed and sampled ones are, for a while.");

    static async Task<Results<Ok<RequestPage>, ProblemHttpResult>> ListAsync(
        NpgsqlDataSource database, CancellationToken cancellationToken, string? deployment = null,
        [Description("ok (sampled), badInput, overloaded, timeout or failed")] string? outcome = null,
        [Description("The 'next' of the page before")] long? before = null, int limit = 100)
    {
        if (limit is < 1 or > MostPerPage) return Problem.BadRequest($"'limit' is between 1 and {MostPerPage}.");
        RequestOutcome? wanted = null;
        if (!string.IsNullOrEmpty(outcome))
        {
            if (!Enum.TryParse<RequestOutcome>(outcome, ignoreCase: true, out var known) || !Enum.IsDefined(known))
                return Problem.BadRequest($"'{outcome}' is no outcome; there are {string.Join(", ", Enum.GetNames<RequestOutcome>())}.");
            wanted = known;
        }
        return TypedResults.Ok(await RequestSql.ListAsync(database, deployment, wanted, before, limit, cancellationToken));
    }
}
