using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Sampling;

/// <summary>Embeddings of random frames of a stretch of time, streamed. Those of rules are left out: they were chosen for what they show.</summary>
static class EmbeddingsBetween
{
    const int Most = 100_000;

    public static void MapEmbeddingsBetween(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/deployments/{deployment}/embeddings", List).RequireAuthorization(Access.View).WithTags("Frames")
            .WithSummary("Embeddings that a model version gave random frames answered in [from, to), by camera and time; when there are more than the limit, "
                + "every n-th.");

    static Results<Ok<IAsyncEnumerable<FrameEmbedding>>, ProblemHttpResult> List(
        string deployment, string model, int version, DateTimeOffset from, DateTimeOffset to, NpgsqlDataSource database,
        CancellationToken cancellationToken, int limit = 20_000)
    {
        if (limit is < 1 or > Most) return Problem.BadRequest($"limit is between 1 and {Most}.");
        if (from >= to) return Problem.BadRequest("from lies before to.");
        return TypedResults.Ok(ReadAsync(database, deployment, new ModelRef(model, version), from, to, limit, cancellationToken));
    }

    static async IAsyncEnumerable<FrameEmbedding> ReadAsync(
        NpgsqlDataSource database, string deployment, ModelRef model, DateTimeOffset from, DateTimeOffset to, int limit,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Numbered by camera first: every n-th of frames in order of time alone could be always the same cameras'.
        await using var command = new NpgsqlCommand(
            """
            select id, camera, sampled_at, expired_at is null, info ->> 'embedding' from sampled_frames join (
                select position, row_number() over (order by camera, sampled_at, position) - 1 as number, count(*) over () as total
                from sampled_frames
                where deployment = $1 and info -> 'model' ->> 'name' = $2 and info -> 'model' ->> 'version' = $3 and sampled_at >= $4 and sampled_at < $5
                  and reason in ('random', 'embeddingOnly') and jsonb_typeof(info -> 'embedding') = 'array'
            ) numbered using (position)
            where number % ((total + $6 - 1) / $6) = 0
            order by number
            """, connection)
        {
            Parameters =
            {
                new() { Value = deployment }, new() { Value = model.Name }, new() { Value = $"{model.Version}" },
                new() { Value = from.UtcDateTime }, new() { Value = to.UtcDateTime }, new() { Value = limit },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            yield return new FrameEmbedding(
                reader.GetGuid(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetBoolean(3),
                FrameEmbedding.Pack(JsonSerializer.Deserialize<float[]>(reader.GetString(4))));
    }
}
