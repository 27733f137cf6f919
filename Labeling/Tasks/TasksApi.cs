using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Labeling.Tasks;

using TaskAnswer = Results<Ok<LabelTask>, ProblemHttpResult>;

public static class TasksApi
{
    public static void AddTasks(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<QueueOptions>().BindConfiguration("Labeling:Queue").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<ReviewOptions>().BindConfiguration("Labeling:Review").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<TaskClaims>();
        builder.Services.AddSingleton<TaskWork>();
    }

    public static void MapTasks(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/tasks").RequireAuthorization(Access.Annotate).WithTags("Tasks");
        group.MapPost("/claim", ClaimAsync);
        group.MapGet("/{id:guid}", GetAsync);
        group.MapPost("/{id:guid}/heartbeat", HeartbeatAsync);
        group.MapPost("/{id:guid}/skip", SkipAsync);
        group.MapPut("/{id:guid}/draft", DraftAsync);
        group.MapPost("/{id:guid}/submit", SubmitAsync);
    }

    /// <summary>Leases the most useful waiting task to the caller; 204 when there is none.</summary>
    static async Task<Results<Ok<LabelTask>, NoContent>> ClaimAsync(
        ClaimRequest? request, TaskClaims claims, ClaimsPrincipal user, HttpResponse response, CancellationToken cancellationToken)
    {
        if (await claims.ClaimAsync(request?.Deployment, NameOf(user), cancellationToken) is not { } task) return TypedResults.NoContent();
        response.Headers.ETag = task.ETag;
        return TypedResults.Ok(task);
    }

    static async Task<TaskAnswer> GetAsync(
        Guid id, TaskWork work, ClaimsPrincipal user, HttpResponse response, CancellationToken cancellationToken) =>
        Answer(await work.FindAsync(id, NameOf(user), cancellationToken), response);

    /// <summary>Prolongs the lease to its full length from now.</summary>
    static async Task<TaskAnswer> HeartbeatAsync(
        Guid id, LeaseCommand command, TaskWork work, ClaimsPrincipal user, HttpResponse response, CancellationToken cancellationToken) =>
        Answer(await work.RenewAsync(id, command.Lease, NameOf(user), cancellationToken), response);

    static async Task<TaskAnswer> SkipAsync(
        Guid id, LeaseCommand command, TaskWork work, ClaimsPrincipal user, HttpResponse response, CancellationToken cancellationToken) =>
        string.IsNullOrWhiteSpace(command.Reason)
            ? Problem.Unprocessable("Say in 'reason' why the frame is skipped, for example 'too dark to tell'.")
            : Answer(await work.SkipAsync(id, command.Lease, command.Reason.Trim(), NameOf(user), cancellationToken), response);

    /// <summary>Keeps unfinished boxes as the caller's draft; the answer carries the task's new ETag.</summary>
    static async Task<TaskAnswer> DraftAsync(
        Guid id, LabelSubmission draft, TaskWork work, ClaimsPrincipal user, HttpResponse response, CancellationToken cancellationToken) =>
        draft.Boxes is not { Count: <= LabelBoxes.MaximumCount }
            ? Problem.Unprocessable($"The body needs 'boxes', a list of at most {LabelBoxes.MaximumCount}.")
            : Answer(await work.SaveDraftAsync(id, draft, NameOf(user), cancellationToken), response);

    /// <summary>
    /// Finishes the task. If-Match carries the ETag that the caller saw last: 412 when the task changed since, 409 when the lease is lost.
    /// </summary>
    static async Task<TaskAnswer> SubmitAsync(
        Guid id, LabelSubmission submission, TaskWork work, ClaimsPrincipal user, HttpRequest request, HttpResponse response,
        CancellationToken cancellationToken)
    {
        var tag = request.Headers.IfMatch.ToString();
        if (tag.Length == 0)
            return Problem.Of(StatusCodes.Status428PreconditionRequired,
                "Send the task's ETag in the If-Match header, so that no newer work is overwritten.");
        var revision = TaskETag.TryParse(tag, out var parsed) ? parsed : -1; // a tag of another kind matches no revision
        return Answer(await work.SubmitAsync(id, submission, revision, NameOf(user), cancellationToken), response);
    }

    static TaskAnswer Answer(TaskOutcome outcome, HttpResponse response)
    {
        if (outcome.Invalid) return Problem.Unprocessable(outcome.Reason!);
        if (outcome.Refusal == LabelTaskRefusal.Stale) return Problem.Stale(outcome.Reason!);
        if (outcome.Refusal is not null) return Problem.Conflict(outcome.Reason!);
        if (outcome.Task is null) return Problem.NotFound("There is no such task.");
        response.Headers.ETag = outcome.Task.ETag;
        return TypedResults.Ok(outcome.Task);
    }

    static string NameOf(ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.Name) ?? "unknown";
}
