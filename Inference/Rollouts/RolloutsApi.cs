using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Rollouts;

static class RolloutsApi
{
    const int LongestKey = 200;

    public static void AddRollouts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RolloutOptions>().BindConfiguration("Rollouts").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<RolloutControl>();
    }

    public static void MapRollouts(this IEndpointRouteBuilder routes)
    {
        var rollouts = routes.MapGroup("/v1/rollouts").WithTags("Rollouts");
        rollouts.MapPost("", StartAsync).RequireAuthorization(Access.Operate);
        rollouts.MapGet("", ListAsync).RequireAuthorization(Access.View);
        rollouts.MapGet("/{id:guid}", ReadAsync).RequireAuthorization(Access.View);
        rollouts.MapPost("/{id:guid}/advance", AdvanceAsync).RequireAuthorization(Access.Operate);
        MapCommand(rollouts, "pause", "Paused", new RolloutEvent.Pause());
        MapCommand(rollouts, "resume", "Resumed", new RolloutEvent.Resume());
        MapCommand(rollouts, "promote", "Promoted", new RolloutEvent.Promote());
        MapCommand(rollouts, "abort", "Aborted", new RolloutEvent.Abort());
    }

    // In a hurry nobody gives a reason, and need not.
    static void MapCommand(IEndpointRouteBuilder rollouts, string verb, string done, RolloutEvent happened) => rollouts
        .MapPost($"/{{id:guid}}/{verb}", async (Guid id, RolloutCommand? command, HttpContext http, RolloutControl control,
            CancellationToken cancellationToken) =>
            Answer(await control.ApplyAsync(id, happened, Given(command?.Reason) ?? $"{done} without a reason.", Actor(http), cancellationToken),
                http.Response))
        .RequireAuthorization(Access.Operate);

    static async Task<Results<Ok<RolloutInfo>, ProblemHttpResult>> StartAsync(
        RolloutRequest request, HttpContext http, RolloutControl control, IOptions<RolloutOptions> options, CancellationToken cancellationToken)
    {
        var steps = request.Steps ?? options.Value.DefaultSteps;
        if (string.IsNullOrWhiteSpace(request.Key)) return Problem.BadRequest("'key' names the rollout, so that a repetition is harmless.");
        if (request.Key.Length > LongestKey) return Problem.BadRequest($"'key' has at most {LongestKey} characters.");
        if (request.Deployment is null || request.Candidate?.Name is null) return Problem.BadRequest("A rollout has a 'deployment' and a 'candidate'.");
        if (RolloutStateMachine.Wrong(steps) is { } wrong) return Problem.BadRequest(wrong);
        return Answer(await control.StartAsync(request, steps, Actor(http), cancellationToken), http.Response);
    }

    static async Task<Results<Ok<RolloutInfo>, ProblemHttpResult>> AdvanceAsync(
        Guid id, RolloutAdvance advance, HttpContext http, RolloutControl control, CancellationToken cancellationToken) =>
        Answer(await control.ApplyAsync(id, new RolloutEvent.Judged(advance.ExpectedStep, advance.Verdict),
            Given(advance.Reason) ?? $"Judged {advance.Verdict}.", Actor(http),
            cancellationToken), http.Response);

    static async Task<Ok<IReadOnlyList<RolloutInfo>>> ListAsync(
        NpgsqlDataSource database, CancellationToken cancellationToken, string? deployment = null)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return TypedResults.Ok(await RolloutSql.ListAsync(connection, deployment, cancellationToken));
    }

    static async Task<Results<Ok<RolloutInfo>, ProblemHttpResult>> ReadAsync(Guid id, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await RolloutSql.FindAsync(connection, null, id, cancellationToken) is { } rollout ? TypedResults.Ok(rollout)
            : Problem.NotFound($"There is no rollout {id}.");
    }

    static Results<Ok<RolloutInfo>, ProblemHttpResult> Answer(RolloutAnswer answer, HttpResponse response)
    {
        if (answer.Rollout is { } rollout) return TypedResults.Ok(rollout);
        if (answer.RetryAfter is { } wait) response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Problem.Of(answer.Status, answer.Refusal);
    }

    static string? Given(string? reason) => string.IsNullOrWhiteSpace(reason) ? null : reason;

    static string Actor(HttpContext http) => http.User.Identity?.Name ?? "unknown";
}
