using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.ServiceDefaults.Changes;

public static class ChangeFeedApi
{
    /// <summary>Maps <c>GET /v1/changes?after=cursor&amp;limit=500&amp;kinds=a,b</c>.</summary>
    public static IEndpointRouteBuilder MapChangeFeed(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/changes", ReadAsync).RequireAuthorization(Access.Operate).WithTags("Changes");
        return routes;
    }

    static async Task<Results<Ok<ChangePage>, ProblemHttpResult>> ReadAsync(
        NpgsqlDataSource database, CancellationToken cancellationToken, string after = ChangeFeed.Start, int limit = 500, string kinds = "")
    {
        if (limit is < 1 or > 1000) return Problem.BadRequest("limit is between 1 and 1000.");
        try
        {
            var wanted = kinds.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return TypedResults.Ok(await ChangeFeed.ReadAsync(database, after, limit, wanted, cancellationToken));
        }
        catch (FormatException exception)
        {
            return Problem.BadRequest(exception.Message);
        }
    }
}
