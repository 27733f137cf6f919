using Dapper;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Hosting;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Monitor.Alerts;

/// <summary>The SQL of alerts.</summary>
static class AlertStore
{
    const string Columns = """
        id as Id, rule as Rule, deployment as Deployment, evaluated_until as EvaluatedUntil, status as Status, acknowledgement as Acknowledgement,
        test as Test, replay as Replay
        """;

    sealed record Row(Guid Id, Guid Rule, string Deployment, DateTime EvaluatedUntil, string Status, string? Acknowledgement, bool Test, bool Replay)
    {
        public Alert ToAlert() => new(Id, Rule, Deployment, EvaluatedUntil, Documents.Read<AlertStatus>(Status))
        {
            Acknowledgement = Acknowledgement is null ? null : Documents.Read<Acknowledgement>(Acknowledgement), Test = Test, Replay = Replay,
        };
    }

    /// <summary>What is judged of live traffic: no tests, no replays.</summary>
    public static async Task<List<Alert>> ListAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        [.. (await ListAllAsync(connection, cancellationToken)).Where(alert => alert is { Test: false, Replay: false })];

    public static async Task<List<Alert>> ListAllAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        [.. (await connection.QueryAsync<Row>(new CommandDefinition($"select {Columns} from alerts", cancellationToken: cancellationToken))).Select(row => row.ToAlert())];

    public static async Task<Alert?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken) =>
        (await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"select {Columns} from alerts where id = @id", new { id }, cancellationToken: cancellationToken)))?.ToAlert();

    public static Task SaveAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Alert alert, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into alerts (id, rule, deployment, evaluated_until, status, test, replay) values (@Id, @Rule, @Deployment, @until, @json::jsonb, @Test, @Replay)
            on conflict (id) do update set evaluated_until = excluded.evaluated_until, status = excluded.status
            """,
            new { alert.Id, alert.Rule, alert.Deployment, until = alert.EvaluatedUntil.ToUniversalTime(), json = Documents.Write(alert.Status), alert.Test, alert.Replay },
            transaction, cancellationToken: cancellationToken));

    /// <summary>Keeps a change of state and publishes it.</summary>
    /// <param name="foundLateAt">When late telemetry showed it; null = it was judged in its turn.</param>
    public static async Task TransitAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, AlertState from, Alert alert, AlertRuleInfo rule, CancellationToken cancellationToken,
        DateTimeOffset? foundLateAt = null)
    {
        await AlertHistory.AddAsync(connection, transaction, alert.Id, from, alert.Status.State, alert.Status.Summary, alert.Status.Since, foundLateAt, cancellationToken);
        await ChangeFeed.AppendAsync(connection, transaction, ChangeKinds.AlertChanged, alert.Id.ToString(), alert.ToInfo(rule), alert.Status.Since, cancellationToken);
    }

    /// <summary>Deletes test alerts that were last touched before an instant, with their transitions and what channels know of them.</summary>
    public static Task ForgetTestsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset before, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            delete from alert_transitions where alert in (select id from alerts where test and evaluated_until < @before);
            delete from notification_groups where name in (select 'test:' || id from alerts where test and evaluated_until < @before);
            delete from alerts where test and evaluated_until < @before;
            """,
            new { before = before.ToUniversalTime() }, transaction, cancellationToken: cancellationToken));

    /// <param name="acknowledgement">Null takes it back.</param>
    public static Task AcknowledgeAsync(NpgsqlConnection connection, Guid id, Acknowledgement? acknowledgement, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "update alerts set acknowledgement = @json::jsonb where id = @id",
            new { id, json = acknowledgement is null ? null : Documents.Write(acknowledgement) }, cancellationToken: cancellationToken));
}
