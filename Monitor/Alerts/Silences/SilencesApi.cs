using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Alerts.Silences;

static class SilencesApi
{
    static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>Maps <c>/v1/silences</c>.</summary>
    public static void MapSilencesApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/silences").WithTags("Alerts");
        group.MapGet("/", ListAsync).RequireAuthorization(Access.View).WithSummary("Silences that last or are to come; with past=true also those of the last 30 days.");
        group.MapPost("/", AddAsync).RequireAuthorization(Access.Operate).WithSummary("Keeps notifications of matching alerts back for a time. Alerts are judged and shown as ever.");
        group.MapDelete("/{id:guid}", EndAsync).RequireAuthorization(Access.Operate).WithSummary("Ends a silence now.");
    }

    static async Task<Ok<List<Silence>>> ListAsync(NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken, bool past = false)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return TypedResults.Ok(await SilenceStore.ListAsync(connection, past ? time.GetUtcNow().AddDays(-30) : time.GetUtcNow(), cancellationToken));
    }

    static async Task<Results<Created<Silence>, ProblemHttpResult>> AddAsync(
        SilenceRequest request, ClaimsPrincipal user, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var silence = new Silence(Guid.CreateVersion7(now), request.Rule, request.Deployment, request.Region, request.Camera, request.Class,
            request.StartsAt ?? now, request.EndsAt, user.Identity?.Name ?? "unknown", request.Comment);
        if (string.IsNullOrWhiteSpace(request.Comment)) return Problem.Unprocessable("Say in the comment why it is silenced: the next person on call reads it.");
        if (silence.EndsAt <= silence.StartsAt || silence.EndsAt <= now) return Problem.Unprocessable("A silence ends after it starts, and in the future.");
        if (silence.EndsAt - silence.StartsAt > Longest) return Problem.Unprocessable("A silence lasts a year at most. Switch the rule off instead.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (request.Rule is { } rule && await AlertRuleStore.FindAsync(connection, rule, cancellationToken) is null) return Problem.NotFound($"There is no rule {rule}.");
        await SilenceStore.AddAsync(database, silence, cancellationToken);
        return TypedResults.Created($"/v1/silences/{silence.Id}", silence);
    }

    static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(Guid id, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken) =>
        await SilenceStore.EndAsync(database, id, time.GetUtcNow(), cancellationToken)
            ? TypedResults.NoContent()
            : Problem.NotFound("There is no such silence, or it is over already.");
}
