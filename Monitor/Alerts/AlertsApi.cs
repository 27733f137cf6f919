using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Alerts;

public static class AlertsApi
{
    public static void AddAlerts(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AlertOptions>().BindConfiguration("Monitor:Alerts").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<AlertEvaluator>();
        builder.Services.AddHostedService(services => services.GetRequiredService<AlertEvaluator>());
    }

    /// <summary>Maps <c>/v1/alerts</c>, <c>/v1/alert-rules</c> and <c>/v1/runbooks</c>.</summary>
    public static IEndpointRouteBuilder MapAlertsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/alerts", ListAsync).RequireAuthorization(Access.View).WithTags("Alerts")
            .WithSummary("Every rule on every deployment it was judged on, firing first.");
        var rules = routes.MapGroup("/v1/alert-rules").WithTags("Alerts");
        rules.MapGet("/", ListRulesAsync).RequireAuthorization(Access.View);
        rules.MapPost("/", AddRuleAsync).RequireAuthorization(Access.Operate);
        rules.MapPut("/{id:guid}", ChangeRuleAsync).RequireAuthorization(Access.Operate);
        routes.MapGet("/v1/runbooks/{name}", Runbook).RequireAuthorization(Access.View).WithTags("Alerts")
            .WithSummary("The Markdown page that a rule's runbook names.");
        return routes;
    }

    static async Task<Results<Ok<List<AlertInfo>>, ProblemHttpResult>> ListAsync(
        NpgsqlDataSource database, CancellationToken cancellationToken, string? state = null, string? deployment = null)
    {
        AlertState? wanted = Enum.TryParse<AlertState>(state, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : null;
        if (state is not null && wanted is null) return Problem.BadRequest($"state is one of {string.Join(", ", Enum.GetNames<AlertState>())}, not '{state}'.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rules = (await AlertRuleStore.ListAsync(connection, cancellationToken)).ToDictionary(rule => rule.Id);
        var alerts = await AlertStore.ListAsync(connection, cancellationToken);
        return TypedResults.Ok(alerts.Select(alert => alert.ToInfo(rules[alert.Rule]))
            .Where(alert => (wanted is null || alert.State == wanted) && (deployment is null || alert.Deployment == deployment))
            .OrderBy(alert => alert.State == AlertState.Firing ? 0 : 1).ThenByDescending(alert => alert.Since).ToList());
    }

    static async Task<Ok<List<AlertRuleInfo>>> ListRulesAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return TypedResults.Ok(await AlertRuleStore.ListAsync(connection, cancellationToken));
    }

    static async Task<Results<Created<AlertRuleInfo>, ProblemHttpResult>> AddRuleAsync(
        AlertRuleInfo rule, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken)
    {
        var added = rule.Id == Guid.Empty ? rule with { Id = Guid.CreateVersion7(time.GetUtcNow()) } : rule;
        if (Refusal(added) is { } reason) return Problem.Unprocessable(reason);
        return await AlertRuleStore.SaveAsync(database, added, add: true, cancellationToken)
            ? TypedResults.Created($"/v1/alert-rules/{added.Id}", added)
            : Problem.Conflict($"There is a rule named '{added.Name}', or with that id, already. Change it with PUT.");
    }

    static async Task<Results<Ok<AlertRuleInfo>, ProblemHttpResult>> ChangeRuleAsync(
        Guid id, AlertRuleInfo rule, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var changed = rule with { Id = id };
        if (Refusal(changed) is { } reason) return Problem.Unprocessable(reason);
        return await AlertRuleStore.SaveAsync(database, changed, add: false, cancellationToken)
            ? TypedResults.Ok(changed)
            : Problem.Conflict($"There is no rule {id}, or another one is named '{changed.Name}'.");
    }

    static Results<ContentHttpResult, ProblemHttpResult> Runbook(string name) => Runbooks.Read(name) is { } page
        ? TypedResults.Text(page, "text/markdown; charset=utf-8")
        : Problem.NotFound($"There is no runbook '{name}'. There are: {string.Join(", ", Runbooks.Names)}.");

    static string? Refusal(AlertRuleInfo rule)
    {
        if (string.IsNullOrWhiteSpace(rule.Name)) return "A rule needs a name.";
        if (rule.ForMinutes is < 1 or > 1440) return "forMinutes is between 1 and 1440.";
        if (rule is { Metric: AlertMetric.LatencyP95, Threshold: <= 0 }) return "A latency threshold is a positive number of milliseconds.";
        if (rule is { Metric: AlertMetric.DetectionDrop, Threshold: <= 0 or >= 1 }) return "A drop is a fraction between 0 and 1; 0.5 means half.";
        return Runbooks.Names.Contains(rule.Runbook) ? null : $"There is no runbook '{rule.Runbook}'. There are: {string.Join(", ", Runbooks.Names)}.";
    }
}
