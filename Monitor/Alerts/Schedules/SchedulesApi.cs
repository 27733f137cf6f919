using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Alerts.Schedules;

static class SchedulesApi
{
    /// <summary>Maps <c>/v1/schedules</c>.</summary>
    public static void MapSchedulesApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/schedules").WithTags("Alerts");
        group.MapGet("/", ListAsync).RequireAuthorization(Access.View).WithSummary("The recurring jobs that report here, and which are overdue.");
        group.MapPut("/{name}", PutAsync).RequireAuthorization(Access.Operate)
            .WithSummary("A job's sign of life: when it ran last and is due next. Without the next one in time an alert fires.");
        group.MapDelete("/{name}", DeleteAsync).RequireAuthorization(Access.Operate).WithSummary("Forgets a job that is not meant to run any more.");
    }

    static async Task<Ok<List<ScheduleInfo>>> ListAsync(
        NpgsqlDataSource database, IOptions<AlertOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return TypedResults.Ok(await ScheduleStore.ListAsync(connection, time.GetUtcNow(), options.Value.ScheduleTolerance, cancellationToken));
    }

    static async Task<Results<Ok<ScheduleInfo>, ProblemHttpResult>> PutAsync(
        string name, ScheduleHeartbeat heartbeat, NpgsqlDataSource database, IOptions<AlertOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (heartbeat.NextDue is null && heartbeat.ExpectedEvery is null) return Problem.Unprocessable("Say when the job is due next (nextDue), or how often it runs (expectedEvery).");
        if (heartbeat.ExpectedEvery <= TimeSpan.Zero) return Problem.Unprocessable("expectedEvery is a positive length of time, such as \"1.00:00:00\" for a day.");
        var now = time.GetUtcNow();
        await ScheduleStore.SaveAsync(database, name, heartbeat, now, cancellationToken);
        return TypedResults.Ok(ScheduleDue.Judge(name, heartbeat, now, now, options.Value.ScheduleTolerance));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string name, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await ScheduleStore.DeleteAsync(database, name, cancellationToken) ? TypedResults.NoContent() : Problem.NotFound($"No job '{name}' reports here.");
}
