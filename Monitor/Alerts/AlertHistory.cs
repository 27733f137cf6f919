using Dapper;
using Npgsql;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts;

/// <summary>A firing as an alert's history has it.</summary>
/// <param name="To">Null = not resolved.</param>
public sealed record PastFiring(DateTimeOffset From, DateTimeOffset? To)
{
    public bool Overlaps(DateTimeOffset from, DateTimeOffset? to) => !(To <= from) && !(to <= From);

    /// <param name="changes">To Firing and Resolved, oldest first; a firing that lost its data meanwhile is told again when they are back.</param>
    public static IReadOnlyList<PastFiring> Of(IEnumerable<(AlertState To, DateTimeOffset At)> changes)
    {
        var firings = new List<PastFiring>();
        foreach (var (to, at) in changes)
        {
            var open = firings.Count > 0 && firings[^1].To is null;
            if (to == AlertState.Firing && !open) firings.Add(new PastFiring(at, null));
            else if (to == AlertState.Resolved && open) firings[^1] = firings[^1] with { To = at };
            else if (to == AlertState.Resolved && firings.Count == 0) firings.Add(new PastFiring(DateTimeOffset.MinValue, at)); // began before what was read
        }
        return firings;
    }
}

/// <summary>The SQL of what happened to alerts.</summary>
static class AlertHistory
{
    const int MostChanges = 200;

    /// <summary>Keeps a change of state, or, with both states the same, a note.</summary>
    public static Task AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid alert, AlertState from, AlertState to, string reason, DateTimeOffset at,
        DateTimeOffset? foundLateAt, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            "insert into alert_transitions (alert, from_state, to_state, reason, at, found_late_at) values (@alert, @from, @to, @reason, @at, @foundLateAt)",
            new { alert, from = from.ToString(), to = to.ToString(), reason, at = at.ToUniversalTime(), foundLateAt = foundLateAt?.ToUniversalTime() },
            transaction, cancellationToken: cancellationToken));

    /// <summary>An alert's newest firings, oldest first.</summary>
    public static async Task<IReadOnlyList<PastFiring>> FiringsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid alert, CancellationToken cancellationToken)
    {
        var changes = await connection.QueryAsync<(string To, DateTime At)>(new CommandDefinition(
            """
            select to_state, at from alert_transitions
            where alert = @alert and from_state <> to_state and to_state in ('Firing', 'Resolved')
            order by at desc, id desc limit @MostChanges
            """, new { alert, MostChanges }, transaction, cancellationToken: cancellationToken));
        return PastFiring.Of(changes.Reverse().Select(change => (Enum.Parse<AlertState>(change.To), new DateTimeOffset(change.At, TimeSpan.Zero))));
    }
}
