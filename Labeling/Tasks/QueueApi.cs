using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Labeling.Tasks;

public static class QueueApi
{
    public static void MapQueue(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/queue", CountAllAsync).RequireAuthorization(Access.View).WithTags("Queue");
        routes.MapGet("/v1/deployments/{deployment}/queue", CountAsync).RequireAuthorization(Access.View).WithTags("Queue");
    }

    static Task<Ok<QueueInfo>> CountAllAsync(
        NpgsqlDataSource database, CancellationToken cancellationToken) =>
        CountAsync(null, database, cancellationToken);

    /// <summary>How many tasks stand where, of one deployment or of all.</summary>
    static async Task<Ok<QueueInfo>> CountAsync(string? deployment, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var states = (await connection.QueryAsync<(LabelTaskState State, int Count)>(new CommandDefinition(
            "select state, count(*)::int from tasks where @deployment::text is null or deployment = @deployment group by state",
            new { deployment }, cancellationToken: cancellationToken))).ToDictionary(row => row.State, row => row.Count);
        var awaiting = await connection.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            select count(*)::int from frames f join images i using (sha256)
            where (@deployment::text is null or f.deployment = @deployment) and i.expired_at is null and i.erased_at is null
              and not exists (select from tasks t where t.frame = f.id)
            """,
            new { deployment }, cancellationToken: cancellationToken));
        int Of(LabelTaskState state) => states.GetValueOrDefault(state);
        return TypedResults.Ok(new QueueInfo(deployment, Of(LabelTaskState.Waiting), Of(LabelTaskState.Leased), Of(LabelTaskState.Review),
            Of(LabelTaskState.Accepted), Of(LabelTaskState.Skipped), awaiting));
    }
}
