using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Sampling;

static class FramesApi
{
    public static void AddSampling(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SamplingOptions>().BindConfiguration("Sampling").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHostedSingleton<FrameKeeper>();
        builder.Services.AddHostedSingleton<FrameRetention>();
        builder.Services.AddSingleton<Sampler>();
        builder.Services.AddSingleton<FrameErasure>();
    }

    public static void MapFrames(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/frames/{id:guid}", ReadAsync).RequireAuthorization(Access.View).WithTags("Frames");
        routes.MapDelete("/v1/frames/{id:guid}", EraseAsync).RequireAuthorization(Access.Operate).WithTags("Frames")
            .WithSummary("Erases the picture of a frame, and of all that have the same bytes, with what the model saw in it. Repeating it changes nothing.");
        routes.MapGet("/v1/deployments/{deployment}/frames", ListAsync).RequireAuthorization(Access.View).WithTags("Frames");
        routes.MapFramesBetween();
        routes.MapEmbeddingsBetween();
    }

    static async Task<Results<Ok<SampledFrame>, ProblemHttpResult>> ReadAsync(
        Guid id, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await SampledFrameSql.FindAsync(database, id, cancellationToken) is { } frame
            ? TypedResults.Ok(frame)
            : Problem.NotFound($"There is no sampled frame {id}.");

    static async Task<Results<NoContent, ProblemHttpResult>> EraseAsync(Guid id, FrameErasure erasure, CancellationToken cancellationToken) =>
        await erasure.EraseAsync(id, cancellationToken) ? TypedResults.NoContent() : Problem.NotFound($"There is no sampled frame {id}.");

    static async Task<Results<Ok<FramePage>, ProblemHttpResult>> ListAsync(
        string deployment, NpgsqlDataSource database, CancellationToken cancellationToken, long after = 0, int limit = 100) =>
        limit is < 1 or > 1000
            ? Problem.BadRequest("limit is between 1 and 1000.")
            : TypedResults.Ok(await SampledFrameSql.ListAsync(database, deployment, after, limit, cancellationToken));
}
