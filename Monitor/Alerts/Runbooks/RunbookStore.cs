using Dapper;
using Npgsql;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Runbooks;

/// <summary>Edited pages over the built-in ones.</summary>
static class RunbookStore
{
    sealed record Row(string Name, string Markdown, string EditedBy, DateTime EditedAt);

    public static async Task<List<RunbookInfo>> ListAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var edited = (await EditedAsync(database, cancellationToken)).ToDictionary(row => row.Name);
        return [.. BuiltInRunbooks.Names.Union(edited.Keys).Order(StringComparer.Ordinal).Select(name => edited.GetValueOrDefault(name) is { } row
            ? new RunbookInfo(name, RunbookText.TitleOf(name, row.Markdown), true, row.EditedBy, row.EditedAt)
            : new RunbookInfo(name, RunbookText.TitleOf(name, BuiltInRunbooks.Read(name)!), false, null, null))];
    }

    public static async Task<IReadOnlyCollection<string>> NamesAsync(NpgsqlDataSource database, CancellationToken cancellationToken) =>
        [.. BuiltInRunbooks.Names.Union((await EditedAsync(database, cancellationToken)).Select(row => row.Name)).Order(StringComparer.Ordinal)];

    public static async Task<string?> ReadAsync(NpgsqlDataSource database, string name, CancellationToken cancellationToken) =>
        (await EditedAsync(database, cancellationToken)).FirstOrDefault(row => row.Name == name)?.Markdown ?? BuiltInRunbooks.Read(name);

    public static async Task SaveAsync(
        NpgsqlDataSource database, string name, string markdown, string author, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into runbooks (name, markdown, edited_by, edited_at) values (@name, @markdown, @author, @now)
            on conflict (name) do update set markdown = excluded.markdown, edited_by = excluded.edited_by, edited_at = excluded.edited_at
            """,
            new { name, markdown, author, now }, cancellationToken: cancellationToken));
    }

    public static async Task<bool> DeleteAsync(NpgsqlDataSource database, string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition("delete from runbooks where name = @name", new { name }, cancellationToken: cancellationToken)) > 0;
    }

    static async Task<List<Row>> EditedAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<Row>(new CommandDefinition(
            "select name as Name, markdown as Markdown, edited_by as EditedBy, edited_at as EditedAt from runbooks", cancellationToken: cancellationToken))).AsList();
    }
}
