using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Drift.Embeddings;

/// <summary>Which frames lie behind a report's embedding distances: no frame carries its own.</summary>
static class FrameDistancesApi
{
    const int Most = 100;

    /// <summary>Frames of each side that are looked at: examples are wanted, not all there are.</summary>
    const int Looks = 2000;

    static readonly SemaphoreSlim Reading = new(2); // each call holds thousands of vectors

    public static void MapFrameDistancesApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/deployments/{deployment}/drift-reports/{id:guid}/frame-distances", ListAsync).WithTags("Drift").RequireAuthorization(Access.View)
            .WithSummary("Random frames of the baseline and of the report's window whose distance lies in [low, high), the farthest first.");

    static async Task<Results<Ok<FrameDistances>, ProblemHttpResult>> ListAsync(
        string deployment, Guid id, NpgsqlDataSource database, SampledEmbeddings sampled, CancellationToken cancellationToken,
        double low = 0, double? high = null, string? camera = null, int limit = 10)
    {
        if (limit is < 1 or > Most) return Problem.BadRequest($"limit is between 1 and {Most}.");
        if (await DriftEvaluator.FindAsync(database, deployment, id, cancellationToken) is not { } report)
            return Problem.NotFound($"'{deployment}' has no such drift report.");
        if (await BaselineStore.FindAsync(database, report.Baseline, cancellationToken) is not { Info: var baseline }
            || await EmbeddingStore.FindReferenceAsync(database, report.Baseline, cancellationToken) is not { } reference)
            return Problem.NotFound("The report's baseline keeps no embeddings.");
        await Reading.WaitAsync(cancellationToken);
        try
        {
            return TypedResults.Ok(new FrameDistances(
                await SideAsync(baseline.From, baseline.LockedAt!.Value, members: true), await SideAsync(report.From, report.To, members: false)));
        }
        finally
        {
            Reading.Release();
        }

        async Task<IReadOnlyList<FrameDistance>> SideAsync(DateTimeOffset from, DateTimeOffset to, bool members) =>
            [.. reference.Farthest(await sampled.ReadAsync(deployment, report.Model, from, to, Looks, cancellationToken), members, camera, low, high).Take(limit)];
    }
}
