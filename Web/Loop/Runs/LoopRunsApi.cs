using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Web.Loop.Runs;

static class LoopRunsApi
{
    public static void MapLoopRunsApi(this IEndpointRouteBuilder routes)
    {
        var passes = routes.MapGroup("/v1/loop-runs").WithTags("Loop runs");
        passes.MapGet("", ListAsync).RequireAuthorization(Access.View).WithSummary("Passes of the loop, newest first.");
        passes.MapGet("{id:guid}", ReadAsync).RequireAuthorization(Access.View).WithSummary("A pass with its history and lineage.");
        passes.MapPost("{id:guid}/decide", DecideAsync).RequireAuthorization(Access.Operate).WithSummary("Answers a pass that waits for a person.");
        passes.MapPost("{id:guid}/cancel", CancelAsync).RequireAuthorization(Access.Operate).WithSummary("Ends a pass; what it had set in motion is stopped.");
        routes.MapPost("/v1/deployments/{deployment}/loop-runs", StartAsync).RequireAuthorization(Access.Operate).WithTags("Loop runs")
            .WithSummary("Begins a pass by hand.");
    }

    static async Task<Results<Ok<IReadOnlyList<LoopRunInfo>>, ProblemHttpResult>> ListAsync(
        LoopRuns runs, CancellationToken cancellationToken, string? deployment = null, int limit = 50)
    {
        if (limit is < 1 or > 500) return Problem.BadRequest("limit is between 1 and 500.");
        IReadOnlyList<LoopRunInfo> found = [.. (await runs.ListAsync(deployment, limit, cancellationToken)).Select(run => LoopRunInfo.Of(run))];
        return TypedResults.Ok(found);
    }

    static async Task<Results<Ok<LoopRunInfo>, ProblemHttpResult>> ReadAsync(Guid id, LoopRuns runs, CancellationToken cancellationToken) =>
        await InfoAsync(id, runs, cancellationToken) is { } info ? TypedResults.Ok(info) : Unknown();

    static async Task<Results<Created<LoopRunInfo>, ProblemHttpResult>> StartAsync(
        string deployment, LoopRunStart start, BeginByHand begin, LoopRuns runs, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(start.Reason)) return Problem.BadRequest("Give a reason: it is the first line of the pass's history.");
        var (begun, refusal) = await begin.TryAsync(deployment, start, Actor(user), cancellationToken);
        return begun is null ? refusal! : TypedResults.Created($"/v1/loop-runs/{begun}", (await InfoAsync(begun.Value, runs, cancellationToken))!);
    }

    static Task<Results<Ok<LoopRunInfo>, ProblemHttpResult>> DecideAsync(
        Guid id, LoopRunDecision decision, LoopRuns runs, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        HappenAsync(
            id, decision.Answer == LoopRunAnswer.Accept ? new LoopRunEvent.Accepted(decision.Reason ?? "") : new LoopRunEvent.Rejected(decision.Reason ?? ""),
            runs, user, cancellationToken);

    static Task<Results<Ok<LoopRunInfo>, ProblemHttpResult>> CancelAsync(
        Guid id, LoopRunCommand command, LoopRuns runs, ClaimsPrincipal user, CancellationToken cancellationToken) =>
        HappenAsync(id, new LoopRunEvent.Cancelled(command.Reason ?? ""), runs, user, cancellationToken);

    static async Task<Results<Ok<LoopRunInfo>, ProblemHttpResult>> HappenAsync(
        Guid id, LoopRunEvent happened, LoopRuns runs, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(happened.Reason)) return Problem.BadRequest("Give a reason: the pass's history keeps it.");
        if (await runs.FindAsync(id, cancellationToken) is null) return Unknown();
        var outcome = await runs.ApplyAsync(id, happened, Actor(user), cancellationToken);
        if (outcome.Next is null) return Problem.Conflict($"That cannot be done now: {outcome.Reason}.");
        return TypedResults.Ok((await InfoAsync(id, runs, cancellationToken))!);
    }

    static async Task<LoopRunInfo?> InfoAsync(Guid id, LoopRuns runs, CancellationToken cancellationToken) =>
        await runs.FindAsync(id, cancellationToken) is { } run ? LoopRunInfo.Of(run, await runs.TransitionsAsync(id, cancellationToken)) : null;

    static ProblemHttpResult Unknown() => Problem.NotFound("There is no such pass of the loop.");

    static string Actor(ClaimsPrincipal user) => user.Identity?.Name ?? "unknown";
}
