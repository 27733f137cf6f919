using Npgsql;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Rules;

/// <summary>Lets a rule fire without a cause, to see that it arrives where it should.</summary>
static class TestFire
{
    public static async Task<Alert> FireAsync(NpgsqlConnection connection, AlertRuleInfo rule, string deployment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var seen = new RuleObservation(now, Observation.Breach, null, rule.Threshold, null, $"This is a test of the rule '{rule.Name}'. Nothing is wrong.");
        var alert = new Alert(Guid.CreateVersion7(now), rule.Id, deployment, now, AlertStateMachine.Next(AlertStatus.New(now), seen, needed: 1)) { Test = true };
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await AlertStore.SaveAsync(connection, transaction, alert, cancellationToken);
        await AlertStore.TransitAsync(connection, transaction, AlertState.Normal, alert, rule, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return alert;
    }
}
