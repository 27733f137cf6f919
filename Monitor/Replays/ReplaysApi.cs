using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Replays;

public static class ReplaysApi
{
    public static void AddReplays(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReplayOptions>().BindConfiguration("Monitor:Replays").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHostedSingleton<ReplayEvaluator>();
    }

    /// <summary>Maps <c>/v1/replays/{id}</c>, its telemetry, report and metrics.</summary>
    public static IEndpointRouteBuilder MapReplaysApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/replays/{id:guid}").WithTags("Replays");
        group.MapPut("/", BeginAsync).RequireAuthorization(Access.Administer)
            .WithSummary("Begins a replay, before its first batch; one that has begun is left as it is.");
        group.MapPost("/telemetry", CountAsync).RequireAuthorization(Access.Administer)
            .WithSummary("Counts the next batch of a replay, each number once; 200 means that it is counted.");
        group.MapGet("/report", ReportAsync).RequireAuthorization(Access.View)
            .WithSummary("Drift per day, alerts that would have fired, and figures, as far as the replay is judged. Nothing of it notified anybody.");
        group.MapDelete("/", DeleteAsync).RequireAuthorization(Access.Operate).WithSummary("Removes a replay's series and report.");
        return routes;
    }

    static async Task<Results<NoContent, ProblemHttpResult>> BeginAsync(
        Guid id, ReplayStart start, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken)
    {
        if (start.From >= start.To) return Problem.BadRequest("from is before to.");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(start.Deployment.Zone, out _))
            return Problem.Unprocessable($"'{start.Deployment.Zone}' is no IANA time zone known here.");
        await ReplayStore.BeginAsync(database, id, start, time.GetUtcNow(), cancellationToken);
        return TypedResults.NoContent();
    }

    static async Task<Results<Ok<TelemetryAck>, ProblemHttpResult>> CountAsync(
        Guid id, TelemetryBatch batch, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken) =>
        await ReplayIntake.CountAsync(database, id, batch, time.GetUtcNow(), cancellationToken) switch
        {
            { Ack: { } ack } => TypedResults.Ok(ack),
            { NoReplay: true } => NoReplay(id),
            { Refusal: { } refusal } => Problem.Unprocessable(refusal),
            { Conflict: var conflict } => Problem.Conflict(conflict!),
        };

    static async Task<Results<Ok<ReplayReport>, ProblemHttpResult>> ReportAsync(
        Guid id, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await ReplayStore.FindAsync(database, id, cancellationToken) is { } replay
            ? TypedResults.Ok(await ReplayReports.ReadAsync(database, replay, cancellationToken))
            : NoReplay(id);

    static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await ReplayStore.DeleteAsync(database, id, cancellationToken) ? TypedResults.NoContent() : NoReplay(id);

    static ProblemHttpResult NoReplay(Guid id) =>
        Problem.NotFound($"There is no replay {id} here: it has not sent its first frames yet, or it was deleted.");
}
