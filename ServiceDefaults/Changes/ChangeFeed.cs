using System.Globalization;
using System.Text.Json;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace RetrainLoop.ServiceDefaults.Changes;

/// <summary>A service's outbox of facts. See <see cref="ChangeKinds"/> for what it carries.</summary>
public static class ChangeFeed
{
    public const string Start = "0.0";

    /// <summary>Publishes a fact in the transaction that makes it true; call <see cref="ChangeNudge.Changed"/> after the commit.</summary>
    public static async Task AppendAsync<T>(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string kind, string subject, T data, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("insert into changes (kind, subject, at, data) values ($1, $2, $3, $4)", connection, transaction)
        {
            Parameters =
            {
                new() { Value = kind },
                new() { Value = subject },
                new() { Value = at.ToUniversalTime() },
                new() { Value = JsonSerializer.Serialize(data, ContractJson.Options), NpgsqlDbType = NpgsqlDbType.Jsonb },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Replaces members of what was published of some subjects, for what must not be read any more. Their place in the feed stays.</summary>
    /// <param name="members">A JSON object.</param>
    public static Task AmendAsync(
        NpgsqlTransaction transaction, string kind, IReadOnlyList<string> subjects, string members, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "update changes set data = data || @members::jsonb where kind = @kind and subject = any(@subjects)",
            new { kind, subjects = subjects.ToArray(), members }, transaction, cancellationToken: cancellationToken));

    /// <summary>The changes after a cursor, oldest first, up to the oldest transaction that is still open.</summary>
    /// <param name="after">A cursor of this feed, or <see cref="Start"/>.</param>
    /// <param name="kinds">Only these kinds; empty = all.</param>
    /// <exception cref="FormatException">The cursor is not one of this feed.</exception>
    public static async Task<ChangePage> ReadAsync(
        NpgsqlDataSource database, string after, int limit, IReadOnlyList<string> kinds, CancellationToken cancellationToken)
    {
        var (transaction, id) = ParseCursor(after);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select transaction_id::text as Transaction, id as Id, kind as Kind, subject as Subject, at as At, data as Data
            from changes
            where (transaction_id, id) > (@transaction::xid8, @id)
              and transaction_id < pg_snapshot_xmin(pg_current_snapshot())
              and (cardinality(@kinds) = 0 or kind = any(@kinds))
            order by transaction_id, id
            limit @limit
            """,
            new { transaction, id, kinds = kinds.ToArray(), limit }, cancellationToken: cancellationToken));
        var changes = rows.Select(row => row.ToChange()).ToList();
        return new ChangePage(changes, changes.Count == 0 ? after : changes[^1].Cursor);
    }

    static (string Transaction, long Id) ParseCursor(string cursor)
    {
        var parts = cursor.Split('.');
        return parts.Length == 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var transaction)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (transaction.ToString(CultureInfo.InvariantCulture), id)
            : throw new FormatException($"'{cursor}' is no cursor of this feed. Start with {Start} and pass on the `next` of each page.");
    }

    sealed record Row(string Transaction, long Id, string Kind, string Subject, DateTime At, string Data)
    {
        public Change ToChange() => new($"{Transaction}.{Id}", Kind, Subject, DateTime.SpecifyKind(At, DateTimeKind.Utc), JsonSerializer.Deserialize<JsonElement>(Data));
    }
}
