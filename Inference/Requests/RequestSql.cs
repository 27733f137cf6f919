using System.Text.Json;
using Dapper;
using Npgsql;

namespace RetrainLoop.Inference.Requests;

/// <summary>The table <c>requests</c>.</summary>
static class RequestSql
{
    /// <summary>Remembers a request, or more images of one that is known; its first failure decides what is told of the whole.</summary>
    public static Task AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, RequestInfo request, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into requests (id, deployment, outcome, at, info, images) values (@Id, @Deployment, @outcome, @at, @info::jsonb, @images::jsonb)
            on conflict (id) do update set images = requests.images || excluded.images,
                outcome = case when requests.outcome = 'ok' then excluded.outcome else requests.outcome end,
                info = case when requests.outcome = 'ok' then excluded.info else requests.info end
            """,
            new
            {
                request.Id, request.Deployment, outcome = NameOf(request.Outcome), at = request.At.UtcDateTime,
                info = JsonSerializer.Serialize(request with { Images = [] }, ContractJson.Options),
                images = JsonSerializer.Serialize(request.Images, ContractJson.Options),
            }, transaction, cancellationToken: cancellationToken));

    public static async Task<RequestInfo?> FindAsync(NpgsqlDataSource database, string id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            "select position as Position, info as Info, images as Images from requests where id = @id", new { id },
            cancellationToken: cancellationToken)))?.ToInfo();
    }

    /// <summary>Newest first.</summary>
    /// <param name="before">Only requests remembered before this position; null = from the newest.</param>
    public static async Task<RequestPage> ListAsync(
        NpgsqlDataSource database, string? deployment, RequestOutcome? outcome, long? before, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select position as Position, info as Info, images as Images from requests
            where (@deployment::text is null or deployment = @deployment) and (@outcome::text is null or outcome = @outcome)
              and (@before::bigint is null or position < @before)
            order by position desc limit @limit
            """,
            new { deployment, outcome = outcome is { } wanted ? NameOf(wanted) : null, before, limit },
            cancellationToken: cancellationToken))).ToList();
        return new RequestPage([.. rows.Select(row => row.ToInfo())], rows.Count == limit ? rows[^1].Position : null);
    }

    /// <summary>Removes what is older than a time and what is more than the newest <paramref name="most"/>.</summary>
    public static async Task ForgetAsync(NpgsqlDataSource database, DateTimeOffset before, long most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "delete from requests where at < @before or position <= (select max(position) - @most from requests)",
            new { before = before.UtcDateTime, most }, cancellationToken: cancellationToken));
    }

    static string NameOf(RequestOutcome outcome) => JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString());

    sealed record Row(long Position, string Info, string Images)
    {
        public RequestInfo ToInfo() => JsonSerializer.Deserialize<RequestInfo>(Info, ContractJson.Options)! with
        {
            Images = JsonSerializer.Deserialize<List<RequestImage>>(Images, ContractJson.Options)!,
        };
    }
}
