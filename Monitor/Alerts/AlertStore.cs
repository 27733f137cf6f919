using Dapper;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Monitor.Alerts;

/// <summary>One rule on one deployment, and the end of the last minute judged.</summary>
sealed record Alert(Guid Id, Guid Rule, string Deployment, DateTimeOffset EvaluatedUntil, AlertStatus Status)
{
    public AlertInfo ToInfo(AlertRuleInfo rule) => new(Id, Rule, rule.Name, Deployment, Status.State, rule.Severity, Status.Value, Status.Limit,
        AlertConditions.UnitOf(rule.Metric), Status.Summary, rule.Runbook, Status.Since, Status.FiredAt, Status.ResolvedAt);
}

/// <summary>The SQL of alerts.</summary>
static class AlertStore
{
    sealed record Row(Guid Id, Guid Rule, string Deployment, DateTime EvaluatedUntil, string Status)
    {
        public Alert ToAlert() => new(Id, Rule, Deployment, EvaluatedUntil, Documents.Read<AlertStatus>(Status));
    }

    public static async Task<List<Alert>> ListAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            "select id as Id, rule as Rule, deployment as Deployment, evaluated_until as EvaluatedUntil, status as Status from alerts",
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToAlert())];
    }

    public static Task SaveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Alert alert, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into alerts (id, rule, deployment, evaluated_until, status) values (@Id, @Rule, @Deployment, @until, @json::jsonb)
            on conflict (rule, deployment) do update set evaluated_until = excluded.evaluated_until, status = excluded.status
            """,
            new { alert.Id, alert.Rule, alert.Deployment, until = alert.EvaluatedUntil.ToUniversalTime(), json = Documents.Write(alert.Status) },
            transaction, cancellationToken: cancellationToken));

    /// <summary>Keeps a change of state and publishes it.</summary>
    public static async Task TransitAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, AlertState from, Alert alert, AlertRuleInfo rule, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into alert_transitions (alert, from_state, to_state, reason, at) values (@Id, @from, @to, @Summary, @Since)",
            new { alert.Id, from = from.ToString(), to = alert.Status.State.ToString(), alert.Status.Summary, alert.Status.Since },
            transaction, cancellationToken: cancellationToken));
        await ChangeFeed.AppendAsync(connection, transaction, ChangeKinds.AlertChanged, alert.Id.ToString(), alert.ToInfo(rule), alert.Status.Since, cancellationToken);
    }
}
