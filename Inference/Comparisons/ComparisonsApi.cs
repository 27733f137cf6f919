using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Inference.Deployments;
using RetrainLoop.Inference.DetectionJobs;
using RetrainLoop.Inference.Models;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Comparisons;

static class ComparisonsApi
{
    const int MostFrames = 2000, MostListed = 50;
    const double LeastConfidence = 0.05;
    static readonly TimeSpan DefaultTime = TimeSpan.FromDays(7);

    public static void AddComparisons(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<ComparisonResults>();

    public static void MapComparisons(this IEndpointRouteBuilder routes)
    {
        var comparisons = routes.MapGroup("/v1/comparisons").WithTags("Comparisons");
        comparisons.MapPost("", AddAsync).RequireAuthorization(Access.Operate).WithSummary("Try a model on frames that a deployment sampled")
            .WithDescription("Runs the model and the deployment's champion over the same frames, at low priority beside live traffic.");
        comparisons.MapGet("", ListAsync).RequireAuthorization(Access.View).WithSummary("Comparisons, newest first");
        comparisons.MapGet("/{id:guid}", ReadAsync).RequireAuthorization(Access.View)
            .WithSummary("A comparison: its progress, then each frame with both models' boxes");
        comparisons.MapPost("/{id:guid}/cancel", CancelAsync).RequireAuthorization(Access.Operate).WithSummary("Stop a comparison");
    }

    static async Task<Results<Accepted<ComparisonInfo>, ProblemHttpResult>> AddAsync(
        ComparisonRequest request, NpgsqlDataSource database, DetectionJobRunner runner, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var to = request.To ?? now;
        var from = request.From ?? (to > DateTimeOffset.MinValue + DefaultTime ? to - DefaultTime : to);
        if (request.MaximumFrames is < 1 or > MostFrames) return Problem.BadRequest($"'maximumFrames' is between 1 and {MostFrames}.");
        if (request.Deployment is null || request.Model?.Name is null) return Problem.BadRequest("A comparison has a 'deployment' and a 'model'.");
        if (from >= to) return Problem.BadRequest("'from' is before 'to'.");
        if (await DeploymentSql.FindAsync(database, request.Deployment, cancellationToken) is not { } deployment)
            return Problem.NotFound(DeploymentsApi.NoDeployment(request.Deployment));
        if (request.Model == deployment.Champion)
            return Problem.BadRequest($"{request.Model} is the champion of {deployment.Name}: choose another model to compare it with.");
        if (await ModelSql.FindAsync(database, request.Model, cancellationToken) is null)
            return Problem.Unprocessable($"There is no model {request.Model}. GET /v1/models lists what there is.");
        var frames = await ComparisonSql.PickAsync(database, deployment.Name, from, to, request.MaximumFrames, cancellationToken);
        if (frames.Count == 0)
            return Problem.Unprocessable($"{deployment.Name} kept no frames from {from:u} to {to:u}. Choose another time, or raise its sampling on its Settings page (PUT /v1/deployments/{deployment.Name}/sampling).");
        var info = new ComparisonInfo(Guid.CreateVersion7(now), deployment.Name, request.Model, deployment.Champion, from, to, DetectionJobState.Queued,
            frames.Count, 2 * frames.Count, 0, null, null, null, null, now, null);
        var model = await DetectionJobSql.AddAsync(database, JobOf(info, request.Model, frames), now, cancellationToken);
        var champion = await DetectionJobSql.AddAsync(database, JobOf(info, deployment.Champion, frames), now, cancellationToken);
        await ComparisonSql.InsertAsync(database, info, frames, deployment.OperatingPoint, model.Id, champion.Id, cancellationToken);
        runner.Wake();
        return TypedResults.Accepted($"/v1/comparisons/{info.Id}", info);
    }

    static async Task<Results<Ok<ComparisonDetail>, ProblemHttpResult>> ReadAsync(
        Guid id, NpgsqlDataSource database, ComparisonResults results, CancellationToken cancellationToken,
        [Description("Boxes above it, from 0.05; default: the deployment's operating point")] double? conf = null)
    {
        if (conf is not (null or (>= LeastConfidence and <= 1))) return Problem.BadRequest($"'conf' is a confidence in [{LeastConfidence}, 1].");
        if (await ComparisonSql.FindAsync(database, id, cancellationToken) is not { } comparison) return Problem.NotFound(NoComparison(id));
        var counted = await results.CountedAsync(comparison, cancellationToken);
        return TypedResults.Ok(await results.ReadAsync(comparison with { Info = counted }, conf, cancellationToken));
    }

    static async Task<Ok<List<ComparisonInfo>>> ListAsync(
        NpgsqlDataSource database, ComparisonResults results, CancellationToken cancellationToken, string? deployment = null)
    {
        var list = new List<ComparisonInfo>();
        foreach (var comparison in await ComparisonSql.ListAsync(database, deployment, MostListed, cancellationToken))
            list.Add(await results.CountedAsync(comparison, cancellationToken));
        return TypedResults.Ok(list);
    }

    static async Task<Results<Ok<ComparisonInfo>, ProblemHttpResult>> CancelAsync(
        Guid id, NpgsqlDataSource database, ChangeNudge nudge, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var job in await ComparisonSql.JobsOfAsync(database, id, cancellationToken))
            await DetectionJobSql.FinishAsync(database, job, null, DetectionJobState.Cancelled, null, null, time.GetUtcNow(), cancellationToken);
        nudge.Changed();
        return await ComparisonSql.FindAsync(database, id, cancellationToken) is { } comparison
            ? TypedResults.Ok(comparison.Info)
            : Problem.NotFound(NoComparison(id));
    }

    static DetectionJobRequest JobOf(ComparisonInfo info, ModelRef model, IReadOnlyList<ComparisonFrame> frames) => new(
        $"comparison:{info.Id}:{model}", model, "compare", info.Deployment,
        Images: [.. frames.Select(frame => new ManifestImage($"{frame.Frame}", frame.Image))], Confidence: LeastConfidence);

    static string NoComparison(Guid id) => $"There is no comparison {id}; old ones are removed with their results.";
}
