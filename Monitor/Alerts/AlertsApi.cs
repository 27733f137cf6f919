using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Notifications;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.Monitor.Alerts.Runbooks;
using RetrainLoop.Monitor.Alerts.Schedules;
using RetrainLoop.Monitor.Alerts.Silences;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Alerts;

public static class AlertsApi
{
    /// <summary>Maps <c>/v1/alerts</c>, rules, silences, runbooks, schedules and notifications.</summary>
    public static IEndpointRouteBuilder MapAlertsApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/alerts").WithTags("Alerts");
        group.MapGet("/", ListAsync).RequireAuthorization(Access.View)
            .WithSummary("Every rule on every deployment it was judged on, firing first; tests for a day.");
        group.MapGet("/{id:guid}", FindAsync).RequireAuthorization(Access.View).WithSummary("One alert with its rule, its history and where it was delivered.");
        group.MapGet("/history", HistoryAsync).RequireAuthorization(Access.View).WithSummary("Changes of state, newest first.");
        group.MapPost("/{id:guid}/acknowledgement", AcknowledgeAsync).RequireAuthorization(Access.Operate)
            .WithSummary("Takes an open alert on: it is not repeated until it fires anew.");
        group.MapDelete("/{id:guid}/acknowledgement", WithdrawAsync).RequireAuthorization(Access.Operate).WithSummary("Takes an acknowledgement back.");
        routes.MapAlertRulesApi();
        routes.MapSilencesApi();
        routes.MapRunbooksApi();
        routes.MapSchedulesApi();
        routes.MapNotificationsApi();
        return routes;
    }

    static async Task<Results<Ok<List<AlertInfo>>, ProblemHttpResult>> ListAsync(
        NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken, string? state = null, string? deployment = null, string? severity = null)
    {
        if (!TryParse<AlertState>(state, out var wanted)) return Problem.BadRequest($"state is one of {string.Join(", ", Enum.GetNames<AlertState>())}, not '{state}'.");
        if (!TryParse<AlertSeverity>(severity, out var grave)) return Problem.BadRequest($"severity is one of {string.Join(", ", Enum.GetNames<AlertSeverity>())}, not '{severity}'.");
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return TypedResults.Ok((await AlertReader.ListAsync(connection, now, cancellationToken))
            .Where(alert => (wanted is null || alert.State == wanted) && (deployment is null || alert.Deployment == deployment)
                && (grave is null || alert.Severity == grave) && !(alert.Test && alert.Since < now.AddDays(-1)))
            .OrderBy(alert => alert.State == AlertState.Firing ? 0 : 1).ThenByDescending(alert => alert.Severity).ThenByDescending(alert => alert.Since).ToList());
    }

    static async Task<Results<Ok<AlertDetail>, ProblemHttpResult>> FindAsync(
        Guid id, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var alert = (await AlertReader.ListAsync(connection, time.GetUtcNow(), cancellationToken)).FirstOrDefault(alert => alert.Id == id);
        if (alert is null) return Unknown(id);
        var rule = (await AlertRuleStore.ListStoredAsync(connection, cancellationToken)).First(rule => rule.Info.Id == alert.Rule).Info;
        return TypedResults.Ok(new AlertDetail(alert, rule,
            await AlertReader.HistoryAsync(connection, id, null, null, null, 200, cancellationToken),
            await DeliveryStore.ListAsync(connection, null, id, 100, cancellationToken)));
    }

    static async Task<Results<Ok<List<AlertTransition>>, ProblemHttpResult>> HistoryAsync(
        NpgsqlDataSource database, CancellationToken cancellationToken, string? deployment = null, DateTimeOffset? from = null, DateTimeOffset? to = null, int limit = 200)
    {
        if (limit is < 1 or > 1000) return Problem.BadRequest("limit is between 1 and 1000.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return TypedResults.Ok(await AlertReader.HistoryAsync(connection, null, deployment, from, to, limit, cancellationToken));
    }

    static async Task<Results<Ok<AlertInfo>, ProblemHttpResult>> AcknowledgeAsync(
        Guid id, ClaimsPrincipal user, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken, AcknowledgementRequest? request = null)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await AlertStore.FindAsync(connection, id, cancellationToken) is not { } alert) return Unknown(id);
        if (!alert.Status.IsOpen) return Problem.Conflict("Only an alert that has fired and is not resolved can be taken on.");
        await AlertStore.AcknowledgeAsync(connection, id, new Acknowledgement(user.Identity?.Name ?? "unknown", time.GetUtcNow(), request?.Note), cancellationToken);
        return TypedResults.Ok((await AlertReader.ListAsync(connection, time.GetUtcNow(), cancellationToken)).First(each => each.Id == id));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> WithdrawAsync(Guid id, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await AlertStore.FindAsync(connection, id, cancellationToken) is null) return Unknown(id);
        await AlertStore.AcknowledgeAsync(connection, id, null, cancellationToken);
        return TypedResults.NoContent();
    }

    static bool TryParse<T>(string? text, out T? value) where T : struct, Enum
    {
        value = Enum.TryParse<T>(text, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : null;
        return text is null || value is not null;
    }

    static ProblemHttpResult Unknown(Guid id) => Problem.NotFound($"There is no alert {id}.");
}
