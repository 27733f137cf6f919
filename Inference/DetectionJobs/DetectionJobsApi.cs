using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Inference.Models;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.DetectionJobs;

static class DetectionJobsApi
{
    const int MostDetections = 1000;

    public static void AddDetectionJobs(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DetectionJobOptions>().BindConfiguration("DetectionJobs").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<JobImages>();
        builder.Services.AddHostedSingleton<DetectionJobRunner>();
        builder.Services.AddHostedSingleton<DetectionJobRetention>();
    }

    public static void MapDetectionJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/v1/detection-jobs").WithTags("Detection jobs");
        jobs.MapPost("", AddAsync).RequireAuthorization(Access.Operate);
        jobs.MapGet("/{id:guid}", ReadAsync).RequireAuthorization(Access.View);
        jobs.MapPost("/{id:guid}/cancel", CancelAsync).RequireAuthorization(Access.Operate);
    }

    static async Task<Results<Accepted<DetectionJobInfo>, ProblemHttpResult>> AddAsync(
        DetectionJobRequest request, NpgsqlDataSource database, DetectionJobRunner runner, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Wrong(request) is { } wrong) return Problem.BadRequest(wrong);
        if (await ModelSql.FindAsync(database, request.Model, cancellationToken) is null)
            return Problem.Unprocessable($"There is no model {request.Model}. Upload it with POST /v1/models; GET /v1/models lists what there is.");
        var job = await DetectionJobSql.AddAsync(database, request, time.GetUtcNow(), cancellationToken);
        runner.Wake();
        return TypedResults.Accepted($"/v1/detection-jobs/{job.Id}", job);
    }

    static async Task<Results<Ok<DetectionJobInfo>, ProblemHttpResult>> ReadAsync(
        Guid id, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await DetectionJobSql.FindAsync(database, id, cancellationToken) is { } job ? TypedResults.Ok(job)
            : Problem.NotFound($"There is no detection job {id}.");

    static async Task<Results<Ok<DetectionJobInfo>, ProblemHttpResult>> CancelAsync(
        Guid id, NpgsqlDataSource database, ChangeNudge nudge, TimeProvider time, CancellationToken cancellationToken)
    {
        var cancelled = await DetectionJobSql.FinishAsync(
            database, id, null, DetectionJobState.Cancelled, null, null, time.GetUtcNow(), cancellationToken);
        if (cancelled is null) return await ReadAsync(id, database, cancellationToken); // finished before
        nudge.Changed();
        return TypedResults.Ok(cancelled);
    }

    static string? Wrong(DetectionJobRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Key)) return "'key' names the job, so that a repetition is harmless.";
        if (request.Model?.Name is null) return "'model' names the model version: {\"name\": \"x\", \"version\": 1}.";
        if (request.Images?.Any(image => image?.Key is null || image.Image?.Sha256 is null || image.Image.Uri is null) == true)
            return "Each of 'images' has a 'key' and an 'image' with 'uri', 'sha256' and 'length'.";
        if (request.Manifest is null == request.Images is null) return "Give either 'manifest', a URI, or 'images', a list.";
        if (!(request.Confidence is >= 0 and < 1) || !(request.IoU is > 0 and <= 1)) return "'confidence' is in [0, 1), 'ioU' in (0, 1].";
        if (request.MaxDetections is < 1 or > MostDetections) return $"'maxDetections' is between 1 and {MostDetections}.";
        return request.Images is { } images && images.GroupBy(image => image.Key).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? $"The image key '{twice.Key}' appears twice."
            : null;
    }
}
