using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Deployments;

public static class DeploymentsApi
{
    /// <summary>Maps <c>PUT /v1/deployments/{deployment}</c> and <c>GET /v1/deployments</c>.</summary>
    public static IEndpointRouteBuilder MapDeploymentsApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/deployments").WithTags("Deployments");
        group.MapPut("/{deployment}", PutAsync).RequireAuthorization(Access.Operate)
            .WithSummary("Takes over a deployment as Inference published it; an older revision changes nothing.");
        group.MapGet("/", ListAsync).RequireAuthorization(Access.View);
        return routes;
    }

    static async Task<Results<Ok<DeploymentInfo>, ProblemHttpResult>> PutAsync(
        string deployment, DeploymentInfo info, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        if (info.Name != deployment) return Problem.BadRequest($"The body is about '{info.Name}', the address about '{deployment}'.");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(info.Zone, out _)) return Problem.Unprocessable($"'{info.Zone}' is no IANA time zone known here.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into deployments (name, revision, info) values (@deployment, @Revision, @json::jsonb)
            on conflict (name) do update set revision = excluded.revision, info = excluded.info where deployments.revision <= excluded.revision
            """,
            new { deployment, info.Revision, json = JsonSerializer.Serialize(info, ContractJson.Options) }, cancellationToken: cancellationToken));
        return TypedResults.Ok((await DeploymentStore.FindAsync(database, deployment, cancellationToken))!);
    }

    static async Task<Ok<List<DeploymentInfo>>> ListAsync(NpgsqlDataSource database, CancellationToken cancellationToken) =>
        TypedResults.Ok(await DeploymentStore.ListAsync(database, cancellationToken));
}
