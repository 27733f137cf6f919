using Dapper;
using Npgsql;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts;

/// <summary>The SQL of alert rules.</summary>
static class AlertRuleStore
{
    sealed record Row(
        Guid Id, string Name, string? Deployment, string Metric, double? Threshold, int ForMinutes, string Severity, string Runbook, bool Enabled)
    {
        public AlertRuleInfo ToInfo() => new(Id, Name, Deployment, Enum.Parse<AlertMetric>(Metric, ignoreCase: true), Threshold, ForMinutes,
            Enum.Parse<AlertSeverity>(Severity, ignoreCase: true), Runbook, Enabled);
    }

    public static async Task<List<AlertRuleInfo>> ListAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select id as Id, name as Name, deployment as Deployment, metric as Metric, threshold as Threshold, for_minutes as ForMinutes,
                severity as Severity, runbook as Runbook, enabled as Enabled
            from alert_rules order by name
            """,
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToInfo())];
    }

    /// <returns>False when another rule has the name, or, on a change, when there is no such rule.</returns>
    public static async Task<bool> SaveAsync(NpgsqlDataSource database, AlertRuleInfo rule, bool add, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var sql = add
            ? """
              insert into alert_rules (id, name, deployment, metric, threshold, for_minutes, severity, runbook, enabled)
              values (@Id, @Name, @Deployment, @metric, @Threshold, @ForMinutes, @severity, @Runbook, @Enabled) on conflict do nothing
              """
            : """
              update alert_rules set name = @Name, deployment = @Deployment, metric = @metric, threshold = @Threshold, for_minutes = @ForMinutes,
                  severity = @severity, runbook = @Runbook, enabled = @Enabled
              where id = @Id and not exists (select 1 from alert_rules other where other.name = @Name and other.id <> @Id)
              """;
        return await connection.ExecuteAsync(new CommandDefinition(sql, new
        {
            rule.Id, rule.Name, rule.Deployment, metric = rule.Metric.ToString(), rule.Threshold, rule.ForMinutes,
            severity = rule.Severity.ToString(), rule.Runbook, rule.Enabled,
        }, cancellationToken: cancellationToken)) > 0;
    }
}
