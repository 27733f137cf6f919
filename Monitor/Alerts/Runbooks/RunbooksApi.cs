using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Alerts.Runbooks;

static partial class RunbooksApi
{
    const int LongestPage = 100_000;
    const string Markdown = "text/markdown; charset=utf-8";

    /// <summary>Maps <c>/v1/runbooks</c>.</summary>
    public static void MapRunbooksApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/runbooks").WithTags("Runbooks");
        group.MapGet("/", ListAsync).RequireAuthorization(Access.View).WithSummary("The pages and their titles.");
        group.MapGet("/{name}", ReadAsync).RequireAuthorization(Access.View)
            .WithSummary("The Markdown page. With a deployment its links carry it and the time range; without, the placeholders stay, as for editing.");
        group.MapPut("/{name}", SaveAsync).RequireAuthorization(Access.Operate).Accepts<string>("text/markdown").WithSummary("Keeps an edited copy, or a new page, as Markdown.");
        group.MapDelete("/{name}", DeleteAsync).RequireAuthorization(Access.Operate).WithSummary("Drops the edited copy: the built-in page is back.");
    }

    static async Task<Ok<List<RunbookInfo>>> ListAsync(NpgsqlDataSource database, CancellationToken cancellationToken) =>
        TypedResults.Ok(await RunbookStore.ListAsync(database, cancellationToken));

    static async Task<Results<ContentHttpResult, ProblemHttpResult>> ReadAsync(
        string name, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken, string? deployment = null,
        DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        if (await RunbookStore.ReadAsync(database, name, cancellationToken) is not { } page)
            return Problem.NotFound($"There is no runbook '{name}'. There are: {string.Join(", ", await RunbookStore.NamesAsync(database, cancellationToken))}.");
        var end = to ?? time.GetUtcNow();
        return TypedResults.Text(deployment is null ? page : RunbookText.Fill(page, deployment, from ?? end.AddHours(-1), end), Markdown);
    }

    static async Task<Results<NoContent, ProblemHttpResult>> SaveAsync(
        string name, HttpRequest request, ClaimsPrincipal user, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!NamePattern().IsMatch(name)) return Problem.Unprocessable("A runbook's name has small letters, digits and hyphens, at most 64.");
        using var reader = new StreamReader(request.Body);
        var buffer = new char[LongestPage + 1];
        var length = await reader.ReadBlockAsync(buffer, cancellationToken);
        if (length > LongestPage) return Problem.TooLarge($"A runbook has at most {LongestPage} characters: nobody reads more at night.");
        var markdown = new string(buffer, 0, length);
        if (string.IsNullOrWhiteSpace(markdown)) return Problem.Unprocessable("The page is empty. DELETE brings the built-in one back.");
        await RunbookStore.SaveAsync(database, name, markdown, user.Identity?.Name ?? "unknown", time.GetUtcNow(), cancellationToken);
        return TypedResults.NoContent();
    }

    static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string name, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await RunbookStore.DeleteAsync(database, name, cancellationToken) ? TypedResults.NoContent() : Problem.NotFound($"There is no edited copy of '{name}'.");

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}$")]
    private static partial Regex NamePattern();
}
