using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Inference.Deployments;
using RetrainLoop.Inference.Replays.Archives;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Inference.Replays;

static class ReplaysApi
{
    const string FindingsMember = "findings", FindingCountMember = "findingCount";

    public static void AddReplays(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReplayOptions>().BindConfiguration("Inference:Replays").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ReplayIntake>();
        builder.Services.AddSingleton<ReplayRemoval>();
        builder.Services.AddSingleton<ReplayOrders>();
        builder.Services.AddHostedSingleton<ReplayRunner>();
    }

    public static void MapReplays(this IEndpointRouteBuilder routes)
    {
        var limit = routes.ServiceProvider.GetRequiredService<IOptions<ReplayOptions>>().Value.MaximumArchiveBytes;
        var ofDeployment = routes.MapGroup("/v1/deployments/{deployment}/replays").WithTags("Replays");
        ofDeployment.MapPost("", AddAsync).RequireAuthorization(Access.Operate).WithMetadata(new RequestSizeLimitAttribute(limit)).DisableAntiforgery()
            .WithSummary("Sends old frames through the deployment as if it happened when they were taken: a zip as the body or as the part 'file', "
                + "or JSON that names a folder on the server.");
        ofDeployment.MapGet("", async (string deployment, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken) =>
            TypedResults.Ok(await ReplaySql.ListAsync(database, deployment, time.GetUtcNow(), cancellationToken)))
            .RequireAuthorization(Access.View).WithSummary("A deployment's replays, newest first.");
        var replays = routes.MapGroup("/v1/replays").WithTags("Replays");
        replays.MapGet("/{id:guid}", ReadAsync).RequireAuthorization(Access.View).WithSummary("A replay with its progress.");
        replays.MapPost("/{id:guid}/cancel", CancelAsync).RequireAuthorization(Access.Operate)
            .WithSummary("Stops a replay. What was counted stays; the same archive sent again goes on.");
        replays.MapDelete("/{id:guid}", DeleteAsync).RequireAuthorization(Access.Operate)
            .WithSummary("Removes a replay with its archive, series and report.");
    }

    static async Task<Results<Accepted<ReplayInfo>, ProblemHttpResult>> AddAsync(
        string deployment, HttpContext http, NpgsqlDataSource database, ReplayOrders orders, ReplayRunner runner, CancellationToken cancellationToken,
        string? name = null, string? model = null, double? baselineDays = null, string? key = null)
    {
        if (await DeploymentSql.FindAsync(database, deployment, cancellationToken) is not { } known)
            return Problem.NotFound(DeploymentsApi.NoDeployment(deployment));
        if (!ReplayOrder.TryParseModel(model, out var wanted)) return Problem.BadRequest($"'model' is NAME:VERSION, not '{model}'.");
        var findings = new Findings();
        try
        {
            var by = http.User.Identity?.Name ?? "unknown";
            var replay = http.Request.HasJsonContentType()
                ? await orders.TakeFolderAsync(known, await ReplayOrder.ReadFolderAsync(http.Request, cancellationToken), by, findings, cancellationToken)
                : await orders.TakeZipAsync(known, http.Request, new ReplayOrder(name, wanted, baselineDays, key), by, findings, cancellationToken);
            if (replay is null) return Refused(findings);
            runner.Wake();
            return TypedResults.Accepted($"/v1/replays/{replay.Id}", replay);
        }
        catch (InvalidDataException exception)
        {
            return Problem.Unprocessable($"The body is no zip archive that can be read: {exception.Message}");
        }
        catch (ReplayOrderException refusal)
        {
            return Problem.Unprocessable(refusal.Message);
        }
        catch (ReplayKeyTakenException refusal)
        {
            return Problem.Conflict(refusal.Message);
        }
    }

    static async Task<Results<Ok<ReplayInfo>, ProblemHttpResult>> ReadAsync(
        Guid id, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken) =>
        await ReplaySql.FindAsync(database, id, time.GetUtcNow(), cancellationToken) is { } replay ? TypedResults.Ok(replay) : NoReplay(id);

    static async Task<Results<Ok<ReplayInfo>, ProblemHttpResult>> CancelAsync(
        Guid id, NpgsqlDataSource database, ReplayRemoval removal, TimeProvider time, CancellationToken cancellationToken)
    {
        await removal.CancelAsync(id, cancellationToken);
        return await ReadAsync(id, database, time, cancellationToken);
    }

    static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, NpgsqlDataSource database, ReplayRemoval removal, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await ReplaySql.FindAsync(database, id, time.GetUtcNow(), cancellationToken) is null) return NoReplay(id);
        try
        {
            await removal.RemoveAsync(id, cancellationToken);
            return TypedResults.NoContent();
        }
        catch (HttpRequestException exception)
        {
            return Problem.Of(StatusCodes.Status503ServiceUnavailable,
                $"The replay is stopped, but Monitor, which keeps its series, does not answer ({exception.Message}). Delete it again when Monitor is back.");
        }
    }

    static ProblemHttpResult Refused(Findings findings) => TypedResults.Problem(
        findings.Summary(), statusCode: StatusCodes.Status422UnprocessableEntity,
        extensions: new Dictionary<string, object?> { [FindingsMember] = findings.First, [FindingCountMember] = findings.Count });

    static ProblemHttpResult NoReplay(Guid id) => Problem.NotFound($"There is no replay {id}. It may have been deleted, or expired.");
}
