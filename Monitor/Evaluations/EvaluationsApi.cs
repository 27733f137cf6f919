using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>The body of <c>POST /v1/evaluations/compute</c>.</summary>
public sealed record EvaluationComputation(CocoGroundTruth GroundTruth, IReadOnlyList<CocoDetection> Detections);

/// <param name="ElapsedMs">Matching and scoring, without reading the body.</param>
/// <param name="Details">Curves, confusion matrix, best threshold and every image's matches; only when asked for.</param>
public sealed record ComputedEvaluation(
    IReadOnlyList<double> Stats, IReadOnlyList<CategoryResult> PerCategory, double ElapsedMs, EvaluationDetails? Details = null);

public static class EvaluationsApi
{
    const long LargestBody = 200L * 1024 * 1024;

    public static void AddEvaluations(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<EvaluationOptions>().BindConfiguration("Monitor:Evaluation").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ScoredDataset>();
        builder.Services.AddSingleton<HoldoutReader>();
    }

    /// <summary>Maps <c>/v1/evaluations</c> and <c>/v1/deployments/{deployment}/evaluations</c>.</summary>
    public static IEndpointRouteBuilder MapEvaluationsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/evaluations/compute", Compute).RequireAuthorization(Access.View).WithTags("Evaluations")
            .WithMetadata(new RequestSizeLimitAttribute(LargestBody))
            .WithSummary("Scores detections by the COCO protocol, equal to pycocotools; gzip bodies welcome, nothing is kept.");
        routes.MapPost("/v1/evaluations", EvaluateAsync).RequireAuthorization(Access.Operate).WithTags("Evaluations")
            .WithSummary("Scores a detections artifact on a dataset version; the same key answers with the evaluation it already made.");
        routes.MapGet("/v1/evaluations/{id:guid}", FindAsync).RequireAuthorization(Access.View).WithTags("Evaluations");
        routes.MapGet("/v1/evaluations/{id:guid}/details", DetailsAsync).RequireAuthorization(Access.View).WithTags("Evaluations")
            .WithSummary("Precision-recall curves, confusion matrix, best thresholds and per-image matches.");
        routes.MapGet("/v1/deployments/{deployment}/evaluations", ListAsync).RequireAuthorization(Access.View).WithTags("Evaluations");
        routes.MapHoldoutApi();
        return routes;
    }

    static Results<Ok<ComputedEvaluation>, ProblemHttpResult> Compute(EvaluationComputation body, TimeProvider time, bool details = false)
    {
        if (body.GroundTruth is null || body.Detections is null) return Problem.BadRequest("The body has groundTruth (COCO) and detections (a COCO results list).");
        try
        {
            var started = time.GetTimestamp();
            var matches = CocoMatches.Compute(body.GroundTruth, body.Detections);
            var score = CocoEvaluator.Score(matches);
            var elapsed = time.GetElapsedTime(started).TotalMilliseconds;
            return TypedResults.Ok(new ComputedEvaluation(
                score.Stats, score.PerCategory, elapsed, details ? CocoDetails.Of(body.GroundTruth, body.Detections, matches, score) : null));
        }
        catch (InvalidDataException exception)
        {
            return Problem.Unprocessable(exception.Message);
        }
    }

    static async Task<Results<Ok<EvaluationInfo>, ProblemHttpResult>> EvaluateAsync(
        EvaluationRequest request, NpgsqlDataSource database, ScoredDataset dataset, IOptions<EvaluationOptions> options, ChangeNudge nudge,
        TimeProvider time, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Key)) return Problem.BadRequest("An evaluation needs a key.");
        if (await EvaluationStore.FindByKeyAsync(database, request.Key, cancellationToken) is { } made) return TypedResults.Ok(made);
        try
        {
            var groundTruth = await dataset.ReadGroundTruthAsync(request.GroundTruth, cancellationToken);
            var detections = await dataset.DetectionsAsync(groundTruth, request.Detections, cancellationToken);
            var matches = CocoMatches.Compute(groundTruth, detections);
            var score = CocoEvaluator.Score(matches);
            var details = CocoDetails.Of(groundTruth, detections, matches, score);
            var interval = CocoEvaluator.Interval(matches, options.Value.Resamples, options.Value.Seed);
            var now = time.GetUtcNow();
            var evaluation = await EvaluationStore.SaveAsync(database, new EvaluationInfo(Guid.CreateVersion7(now), request.Key, request.Deployment, request.Model,
                request.Dataset, request.Purpose, score.Stats, interval?.Low, interval?.High, score.PerCategory, matches.Images, matches.Objects, matches.Detections, now),
                details, matches, cancellationToken);
            nudge.Changed();
            return TypedResults.Ok(evaluation);
        }
        catch (InvalidDataException exception)
        {
            return Problem.Unprocessable(exception.Message);
        }
    }

    static async Task<Results<Ok<EvaluationInfo>, ProblemHttpResult>> FindAsync(Guid id, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await EvaluationStore.FindAsync(database, id, cancellationToken) is { } evaluation ? TypedResults.Ok(evaluation) : Problem.NotFound("There is no such evaluation.");

    static async Task<Results<Ok<EvaluationDetails>, ProblemHttpResult>> DetailsAsync(Guid id, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await EvaluationStore.DetailsAsync(database, id, cancellationToken) is { } details
            ? TypedResults.Ok(details)
            : Problem.NotFound("There are no details of such an evaluation; those made before details were kept have none.");

    static async Task<Ok<List<EvaluationInfo>>> ListAsync(
        string deployment, NpgsqlDataSource database, CancellationToken cancellationToken, string? purpose = null) =>
        TypedResults.Ok(await EvaluationStore.ListAsync(database, deployment, purpose, cancellationToken));
}
