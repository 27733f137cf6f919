using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Deployments;

/// <summary>Who changed a deployment's champion, and why.</summary>
static class DeploymentTransitions
{
    const int Most = 1000;

    public static void MapTransitions(this IEndpointRouteBuilder deployments) =>
        deployments.MapGet("/{deployment}/transitions", ListAsync).RequireAuthorization(Access.View)
            .WithSummary("The changes of the champion, newest first");

    static async Task<Results<Ok<IReadOnlyList<DeploymentTransition>>, ProblemHttpResult>> ListAsync(
        string deployment, NpgsqlDataSource database, CancellationToken cancellationToken, int limit = 100)
    {
        if (limit is < 1 or > Most) return Problem.BadRequest($"'limit' is between 1 and {Most}.");
        if (await DeploymentSql.FindAsync(database, deployment, cancellationToken) is null)
            return Problem.NotFound(DeploymentsApi.NoDeployment(deployment));
        return TypedResults.Ok(await ReadAsync(database, deployment, limit, cancellationToken));
    }

    static async Task<IReadOnlyList<DeploymentTransition>> ReadAsync(
        NpgsqlDataSource database, string deployment, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select from_champion as FromChampion, to_champion as ToChampion, reason as Reason, actor as Actor, at as At
            from deployment_transitions where deployment = @deployment order by id desc limit @limit
            """,
            new { deployment, limit }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToTransition())];
    }

    sealed record Row(string? FromChampion, string ToChampion, string Reason, string Actor, DateTime At)
    {
        public DeploymentTransition ToTransition() => new(
            FromChampion is null ? null : ModelOf(FromChampion), ModelOf(ToChampion), Reason, Actor, DateTime.SpecifyKind(At, DateTimeKind.Utc));

        // As ModelRef writes itself: "line v2".
        static ModelRef ModelOf(string text)
        {
            var at = text.LastIndexOf(" v", StringComparison.Ordinal);
            return new ModelRef(text[..at], int.Parse(text[(at + 2)..], CultureInfo.InvariantCulture));
        }
    }
}
