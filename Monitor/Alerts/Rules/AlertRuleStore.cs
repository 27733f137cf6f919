using Dapper;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Evaluation;
using RetrainLoop.Monitor.Hosting;

namespace RetrainLoop.Monitor.Alerts.Rules;

/// <param name="Deleted">Kept for the history of its alerts.</param>
sealed record StoredRule(AlertRuleInfo Info, bool Deleted);

/// <summary>The SQL of alert rules.</summary>
static class AlertRuleStore
{
    sealed record Row(
        Guid Id, string Name, string? Deployment, string Metric, string Comparison, double? Threshold, int ForMinutes, string Severity, string Runbook,
        bool Enabled, string? ModelName, int? ModelVersion, string? Region, string? Camera, string? Class, int KeepFiringMinutes, double? ResolveThreshold,
        bool Deleted)
    {
        public AlertRuleInfo ToInfo() => new(Id, Name, Deployment, Enum.Parse<AlertMetric>(Metric, ignoreCase: true),
            Enum.Parse<AlertComparison>(Comparison, ignoreCase: true), Threshold, ForMinutes, Enum.Parse<AlertSeverity>(Severity, ignoreCase: true), Runbook,
            Enabled, ModelName is null ? null : new ModelRef(ModelName, ModelVersion!.Value), Region, Camera, Class, KeepFiringMinutes, ResolveThreshold);
    }

    /// <summary>The rules that people see, by name.</summary>
    public static async Task<List<AlertRuleInfo>> ListAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        [.. (await ListStoredAsync(connection, cancellationToken)).Where(rule => !rule.Deleted).Select(rule => rule.Info)];

    /// <summary>Every rule that an alert may refer to, also deleted ones.</summary>
    public static async Task<List<StoredRule>> ListStoredAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select id as Id, name as Name, deployment as Deployment, metric as Metric, comparison as Comparison, threshold as Threshold,
                for_minutes as ForMinutes, severity as Severity, runbook as Runbook, enabled as Enabled, model_name as ModelName,
                model_version as ModelVersion, region as Region, camera as Camera, class as Class, keep_firing_minutes as KeepFiringMinutes,
                resolve_threshold as ResolveThreshold, deleted_at is not null as Deleted
            from alert_rules order by name
            """,
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new StoredRule(row.ToInfo(), row.Deleted))];
    }

    public static async Task<AlertRuleInfo?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        (await ListAsync(connection, cancellationToken)).FirstOrDefault(rule => rule.Id == id);

    /// <returns>False when another rule has the name or the id.</returns>
    public static async Task<bool> AddAsync(NpgsqlDataSource database, AlertRuleInfo rule, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into alert_rules (id, name, deployment, metric, comparison, threshold, for_minutes, severity, runbook, enabled, model_name,
                model_version, region, camera, class, keep_firing_minutes, resolve_threshold)
            values (@Id, @Name, @Deployment, @metric, @comparison, @Threshold, @ForMinutes, @severity, @Runbook, @Enabled, @modelName,
                @modelVersion, @Region, @Camera, @Class, @KeepFiringMinutes, @ResolveThreshold)
            on conflict do nothing
            """,
            Parameters(rule), cancellationToken: cancellationToken)) > 0;
    }

    /// <summary>
    /// Changes a rule. Where it asks something else than before, what was learned of a baseline for its old form is forgotten, and what is open by it
    /// is withdrawn.
    /// </summary>
    /// <returns>False when there is no such rule, or another one has the name.</returns>
    public static async Task<bool> ChangeAsync(NpgsqlDataSource database, AlertRuleInfo rule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await FindAsync(connection, rule.Id, cancellationToken);
        if (before is null) return false;
        var asksOther = before.Metric != rule.Metric || RuleTraffic.Of(before) != RuleTraffic.Of(rule);
        if (asksOther) await WithdrawAsync(connection, transaction, before, now, cancellationToken);
        if (asksOther || before.Comparison != rule.Comparison)
            await connection.ExecuteAsync(new CommandDefinition(
                "delete from alert_references where rule = @Id", new { rule.Id }, transaction, cancellationToken: cancellationToken));
        var changed = await connection.ExecuteAsync(new CommandDefinition(
            """
            update alert_rules set name = @Name, deployment = @Deployment, metric = @metric, comparison = @comparison, threshold = @Threshold,
                for_minutes = @ForMinutes, severity = @severity, runbook = @Runbook, enabled = @Enabled, model_name = @modelName,
                model_version = @modelVersion, region = @Region, camera = @Camera, class = @Class, keep_firing_minutes = @KeepFiringMinutes,
                resolve_threshold = @ResolveThreshold
            where id = @Id and deleted_at is null
                and not exists (select 1 from alert_rules other where other.name = @Name and other.id <> @Id and other.deleted_at is null)
            """,
            Parameters(rule), transaction, cancellationToken: cancellationToken)) > 0;
        if (changed) await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    /// <summary>Between two rounds of judging, so that neither undoes it.</summary>
    static async Task WithdrawAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, AlertRuleInfo rule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await AdvisoryLock.TakeAsync(connection, transaction, AdvisoryLock.Alerts, cancellationToken);
        await AdvisoryLock.TakeAsync(connection, transaction, AdvisoryLock.AlertWatch, cancellationToken);
        foreach (var alert in await AlertStore.ListAsync(connection, cancellationToken))
        {
            if (alert.Rule != rule.Id || !(alert.Status.IsOpen || alert.Status.State == AlertState.Pending)) continue;
            var withdrawn = alert with { Status = AlertStateMachine.Withdraw(alert.Status, "The rule was changed.", now) };
            await AlertStore.SaveAsync(connection, transaction, withdrawn, cancellationToken);
            await AlertStore.TransitAsync(connection, transaction, alert.Status.State, withdrawn, rule, cancellationToken);
        }
    }

    /// <returns>False when there is no such rule.</returns>
    public static async Task<bool> DeleteAsync(NpgsqlDataSource database, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            "update alert_rules set deleted_at = @now where id = @id and deleted_at is null", new { id, now }, cancellationToken: cancellationToken)) > 0;
    }

    static object Parameters(AlertRuleInfo rule) => new
    {
        rule.Id, rule.Name, rule.Deployment, metric = Text(rule.Metric), comparison = Text(rule.Comparison), rule.Threshold, rule.ForMinutes,
        severity = Text(rule.Severity), rule.Runbook, rule.Enabled, modelName = rule.Model?.Name, modelVersion = rule.Model?.Version, rule.Region,
        rule.Camera, rule.Class, rule.KeepFiringMinutes, rule.ResolveThreshold,
    };

    static string Text<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
