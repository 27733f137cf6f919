using System.ComponentModel;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Sampling;

/// <summary>Kept frames of a stretch of time, for people who compare then with now.</summary>
static class FramesBetween
{
    const int Most = 1000;

    public static void MapFramesBetween(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/deployments/{deployment}/frames/between", ListAsync).RequireAuthorization(Access.View).WithTags("Frames")
            .WithSummary("Sampled frames captured in [from, to), oldest first, without embeddings; when there are more than the limit, evenly picked over the time.")
            .WithDescription("Without a reason: all but the frames kept for embeddings alone, which have no part in labelling.");

    static async Task<Results<Ok<IReadOnlyList<SampledFrame>>, ProblemHttpResult>> ListAsync(
        string deployment, DateTimeOffset from, DateTimeOffset to, NpgsqlDataSource database, CancellationToken cancellationToken,
        string? camera = null, [Description("Why frames were kept, for example random or embeddingOnly")] string? reason = null, int limit = 100)
    {
        if (limit is < 1 or > Most) return Problem.BadRequest($"limit is between 1 and {Most}.");
        if (from >= to) return Problem.BadRequest("from lies before to.");
        SampleReason? wanted = null;
        if (!string.IsNullOrEmpty(reason))
        {
            if (!Enum.TryParse<SampleReason>(reason, ignoreCase: true, out var known) || !Enum.IsDefined(known))
                return Problem.BadRequest($"'{reason}' is no reason; there are {string.Join(", ", Enum.GetNames<SampleReason>())}.");
            wanted = known;
        }
        return TypedResults.Ok(await ReadAsync(database, deployment, from, to, camera, wanted, limit, cancellationToken));
    }

    static async Task<IReadOnlyList<SampledFrame>> ReadAsync(
        NpgsqlDataSource database, string deployment, DateTimeOffset from, DateTimeOffset to, string? camera, SampleReason? reason, int limit,
        CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Every n-th of the frames by time, n such that at most the limit are left.
        var rows = await connection.QueryAsync<string>(new CommandDefinition(
            """
            select info - 'embedding' from (
                select info, captured_at, row_number() over (order by captured_at, position) - 1 as number, count(*) over () as total
                from sampled_frames
                where deployment = @deployment and expired_at is null and captured_at >= @from and captured_at < @to
                  and (@camera::text is null or camera = @camera) and (reason = @reason or @reason::text is null and reason <> 'embeddingOnly')
            ) numbered
            where number % ((total + @limit - 1) / @limit) = 0
            order by number
            """,
            new { deployment, camera, reason = reason is { } one ? SampledFrameSql.NameOf(one) : null, from = from.UtcDateTime, to = to.UtcDateTime, limit },
            cancellationToken: cancellationToken));
        return [.. rows.Select(json => JsonSerializer.Deserialize<SampledFrame>(json, ContractJson.Options)!)];
    }
}
