using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Runbooks;
using RetrainLoop.Monitor.Deployments;
using RetrainLoop.ServiceDefaults;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Alerts.Rules;

static class AlertRulesApi
{
    /// <summary>Maps <c>/v1/alert-rules</c>.</summary>
    public static void MapAlertRulesApi(this IEndpointRouteBuilder routes)
    {
        var rules = routes.MapGroup("/v1/alert-rules").WithTags("Alert rules");
        rules.MapGet("/", ListAsync).RequireAuthorization(Access.View).WithSummary("Every rule, by name.");
        rules.MapGet("/{id:guid}", FindAsync).RequireAuthorization(Access.View).WithSummary("One rule.");
        rules.MapPost("/", AddAsync).RequireAuthorization(Access.Operate).WithSummary("Adds a rule; it begins with the last hour.");
        rules.MapPut("/{id:guid}", ChangeAsync).RequireAuthorization(Access.Operate).WithSummary("Changes a rule; it is judged anew from the next minute.");
        rules.MapDelete("/{id:guid}", DeleteAsync).RequireAuthorization(Access.Operate).WithSummary("Deletes a rule; its open alerts resolve, their history stays.");
        rules.MapPost("/preview", PreviewAsync).RequireAuthorization(Access.View)
            .WithSummary("What a rule, saved or not, would have done; by default over the last seven days.");
        rules.MapPost("/{id:guid}/test-fire", TestFireAsync).RequireAuthorization(Access.Operate)
            .WithSummary("Fires the rule as a test through the same channels; the alert resolves by itself.");
    }

    static async Task<Ok<List<AlertRuleInfo>>> ListAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return TypedResults.Ok(await AlertRuleStore.ListAsync(connection, cancellationToken));
    }

    static async Task<Results<Ok<AlertRuleInfo>, ProblemHttpResult>> FindAsync(Guid id, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await AlertRuleStore.FindAsync(connection, id, cancellationToken) is { } rule ? TypedResults.Ok(rule) : Unknown(id);
    }

    static async Task<Results<Created<AlertRuleInfo>, ProblemHttpResult>> AddAsync(
        AlertRuleInfo rule, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken)
    {
        var added = rule.Id == Guid.Empty ? rule with { Id = Guid.CreateVersion7(time.GetUtcNow()) } : rule;
        if (AlertRuleCheck.Refusal(added, await RunbookStore.NamesAsync(database, cancellationToken)) is { } reason) return Problem.Unprocessable(reason);
        return await AlertRuleStore.AddAsync(database, added, cancellationToken)
            ? TypedResults.Created($"/v1/alert-rules/{added.Id}", added)
            : Problem.Conflict($"There is a rule named '{added.Name}', or with that id, already. Change it with PUT.");
    }

    static async Task<Results<Ok<AlertRuleInfo>, ProblemHttpResult>> ChangeAsync(
        Guid id, AlertRuleInfo rule, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken)
    {
        var changed = rule with { Id = id };
        if (AlertRuleCheck.Refusal(changed, await RunbookStore.NamesAsync(database, cancellationToken)) is { } reason) return Problem.Unprocessable(reason);
        return await AlertRuleStore.ChangeAsync(database, changed, time.GetUtcNow(), cancellationToken)
            ? TypedResults.Ok(changed)
            : Problem.Conflict($"There is no rule {id}, or another one is named '{changed.Name}'.");
    }

    static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(Guid id, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken) =>
        await AlertRuleStore.DeleteAsync(database, id, time.GetUtcNow(), cancellationToken) ? TypedResults.NoContent() : Unknown(id);

    static async Task<Results<Ok<AlertRulePreview>, ProblemHttpResult>> PreviewAsync(
        AlertRulePreviewRequest request, NpgsqlDataSource database, RulePreview preview, TimeProvider time, CancellationToken cancellationToken)
    {
        if (AlertRuleCheck.Refusal(request.Rule, [request.Rule.Runbook]) is { } reason) return Problem.Unprocessable(reason);
        if (await DeploymentStore.FindAsync(database, request.Deployment, cancellationToken) is not { } deployment) return Problem.NotFound(DeploymentStore.Unknown(request.Deployment));
        var to = request.To ?? time.GetUtcNow();
        var from = request.From ?? to.AddDays(-7);
        if (from >= to || to - from > TimeSpan.FromDays(31)) return Problem.BadRequest("from is before to, by at most 31 days.");
        return await preview.RunAsync(request.Rule, deployment, from, to, cancellationToken) is { } result
            ? TypedResults.Ok(result)
            : Problem.Unprocessable($"{AlertMetricNames.Of(request.Rule.Metric)} keeps no history to look back on.");
    }

    static async Task<Results<Ok<AlertInfo>, ProblemHttpResult>> TestFireAsync(
        Guid id, NpgsqlDataSource database, ChangeNudge nudge, TimeProvider time, CancellationToken cancellationToken, TestFireRequest? request = null)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await AlertRuleStore.FindAsync(connection, id, cancellationToken) is not { } rule) return Unknown(id);
        var deployment = AlertCadence.Of(rule) == AlertFacts.Progress ? AlertInfo.StackWide : request?.Deployment ?? rule.Deployment;
        var known = (await DeploymentStore.ListAsync(database, cancellationToken)).Select(info => info.Name).ToList();
        deployment ??= known.FirstOrDefault() ?? AlertInfo.StackWide;
        if (deployment != AlertInfo.StackWide && !known.Contains(deployment)) return Problem.NotFound(DeploymentStore.Unknown(deployment));
        if (rule.Deployment is { } only && deployment != only) return Problem.Conflict($"The rule is for '{only}' only.");
        var alert = await TestFire.FireAsync(connection, rule, deployment, time.GetUtcNow(), cancellationToken);
        nudge.Changed();
        return TypedResults.Ok(alert.ToInfo(rule));
    }

    static ProblemHttpResult Unknown(Guid id) => Problem.NotFound($"There is no rule {id}.");
}
