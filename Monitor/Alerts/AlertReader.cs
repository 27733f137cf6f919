using Dapper;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.Monitor.Alerts.Silences;

namespace RetrainLoop.Monitor.Alerts;

/// <summary>Reads alerts as callers see them: with their rules, silences and inhibition.</summary>
static class AlertReader
{
    sealed record Row(
        long Id, Guid Alert, string RuleName, string Deployment, string From, string To, string Reason, DateTime At, bool Test, bool Replay, string Severity,
        DateTime? FoundLateAt)
    {
        public AlertTransition ToTransition() => new(Id, Alert, RuleName, Deployment, Enum.Parse<AlertState>(From), Enum.Parse<AlertState>(To), Reason, At,
            Test, Replay, Enum.Parse<AlertSeverity>(Severity, ignoreCase: true)) { FoundLateAt = FoundLateAt };
    }

    public static async Task<List<AlertInfo>> ListAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rules = (await AlertRuleStore.ListStoredAsync(connection, cancellationToken)).ToDictionary(rule => rule.Info.Id, rule => rule.Info);
        var alerts = await AlertStore.ListAllAsync(connection, cancellationToken);
        var silences = await SilenceStore.ListAsync(connection, now, cancellationToken);
        return AlertSuppression.Apply([.. alerts.Select(alert => (alert, rules[alert.Rule]))], silences, now);
    }

    /// <summary>Changes of state, newest first; absent arguments match everything.</summary>
    public static async Task<List<AlertTransition>> HistoryAsync(
        NpgsqlConnection connection, Guid? alert, string? deployment, DateTimeOffset? from, DateTimeOffset? to, int limit, CancellationToken cancellationToken) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select t.id as Id, t.alert as Alert, r.name as RuleName, a.deployment as Deployment, t.from_state as "From", t.to_state as "To",
                t.reason as Reason, t.at as At, a.test as Test, a.replay as Replay, r.severity as Severity,
                t.found_late_at as FoundLateAt
            from alert_transitions t join alerts a on a.id = t.alert join alert_rules r on r.id = a.rule
            where (@alert::uuid is null or t.alert = @alert) and (@deployment::text is null or a.deployment = @deployment)
                and (@from::timestamptz is null or t.at >= @from) and (@to::timestamptz is null or t.at < @to)
            order by t.at desc, t.id desc limit @limit
            """,
            new { alert, deployment, from = from?.ToUniversalTime(), to = to?.ToUniversalTime(), limit }, cancellationToken: cancellationToken)))
            .Select(row => row.ToTransition())];
}
