using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Training.Runs;

/// <summary><c>/v1/runs</c>: queue, watch and cancel training runs.</summary>
public static class RunsApi
{
    public static IEndpointRouteBuilder MapRuns(this IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/v1/runs").WithTags("Runs");
        runs.MapPost("", QueueAsync).RequireAuthorization(Access.Operate);
        runs.MapGet("", ListAsync).RequireAuthorization(Access.View);
        runs.MapGet("/{id:guid}", GetAsync).RequireAuthorization(Access.View);
        runs.MapPost("/{id:guid}/cancel", CancelAsync).RequireAuthorization(Access.Operate);
        return routes;
    }

    static async Task<Results<Accepted<TrainingRunInfo>, ProblemHttpResult>> QueueAsync(
        TrainingRunRequest request, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellation)
    {
        if (RequestCheck.Problem(request) is { } problem) return Problem.Unprocessable(problem);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var id = await RunRows.InsertAsync(connection, request, time.GetUtcNow(), cancellation);
        return TypedResults.Accepted($"/v1/runs/{id}", (await ReadAsync(connection, id, cancellation))!);
    }

    static async Task<Results<Ok<IReadOnlyList<TrainingRunInfo>>, ProblemHttpResult>> ListAsync(
        NpgsqlDataSource database, CancellationToken cancellation, int limit = 50)
    {
        if (limit is < 1 or > 500) return Problem.BadRequest("limit is between 1 and 500.");
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var runs = await RunRows.NewestAsync(connection, limit, cancellation);
        var epochs = await RunRows.EpochsAsync(connection, null, [.. runs.Select(run => run.Id)], cancellation);
        return TypedResults.Ok<IReadOnlyList<TrainingRunInfo>>([.. runs.Select(run => run.ToInfo([.. epochs[run.Id]]))]);
    }

    static async Task<Results<Ok<TrainingRunInfo>, ProblemHttpResult>> GetAsync(Guid id, NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await ReadAsync(connection, id, cancellation) is { } run ? TypedResults.Ok(run) : Unknown(id);
    }

    static async Task<Results<Ok<TrainingRunInfo>, ProblemHttpResult>> CancelAsync(
        Guid id, RunQueue queue, NpgsqlDataSource database, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var actor = user.Identity?.Name ?? "unknown";
        var (run, refusal) = await queue.ApplyAsync(id, new RunEvent.Cancel($"cancelled by {actor}"), actor, cancellation);
        if (refusal is not null) return Problem.Conflict($"{refusal} There is nothing to cancel.");
        if (run is null) return Unknown(id);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return TypedResults.Ok((await ReadAsync(connection, id, cancellation))!);
    }

    static async Task<TrainingRunInfo?> ReadAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellation)
    {
        if (await RunRows.ReadAsync(connection, id, cancellation) is not { } run) return null;
        var epochs = await RunRows.EpochsAsync(connection, null, [id], cancellation);
        return run.ToInfo([.. epochs[id]]);
    }

    static ProblemHttpResult Unknown(Guid id) => Problem.NotFound($"There is no training run {id}.");
}
