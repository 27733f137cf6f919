using Dapper;
using Npgsql;
using RetrainLoop.ServiceDefaults.Changes;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Web.Loop.Feeds;

/// <summary>Reads the services' change feeds, each arrow from where it stopped.</summary>
public sealed class Feed(
    NpgsqlDataSource database, InferenceClient inference, MonitorClient monitor, LabelingClient labeling, TrainingClient training, TimeProvider time)
{
    /// <summary>The next page for the arrow. It moves on only by <see cref="AdvanceAsync(string, string, string, CancellationToken)"/>.</summary>
    public async Task<ChangePage> ReadAsync(string service, string arrow, IReadOnlyList<string> kinds, int limit, CancellationToken cancellationToken) =>
        await Of(service).ChangesAsync(await CursorAsync(service, arrow, cancellationToken), limit, kinds, cancellationToken);

    public async Task<bool> HasNewsAsync(string service, string arrow, IReadOnlyList<string> kinds, CancellationToken cancellationToken) =>
        (await ReadAsync(service, arrow, kinds, 1, cancellationToken)).Changes.Count > 0;

    /// <summary>Call when everything up to the cursor is done.</summary>
    public async Task AdvanceAsync(string service, string arrow, string cursor, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await AdvanceAsync(connection, null, service, arrow, cursor, cancellationToken);
    }

    /// <summary>The same within the transaction that does what the changes ask for.</summary>
    public Task AdvanceAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, string service, string arrow, string cursor, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into cursors (service, arrow, cursor, updated_at) values (@service, @arrow, @cursor, @now)
            on conflict (service, arrow) do update set cursor = excluded.cursor, updated_at = excluded.updated_at
            """,
            new { service, arrow, cursor, now = time.GetUtcNow().UtcDateTime }, transaction, cancellationToken: cancellationToken));

    async Task<string> CursorAsync(string service, string arrow, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var cursor = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            "select cursor from cursors where service = @service and arrow = @arrow", new { service, arrow }, cancellationToken: cancellationToken));
        return cursor ?? ChangeFeed.Start;
    }

    StackClient Of(string service) => service switch
    {
        "inference" => inference,
        "monitor" => monitor,
        "labeling" => labeling,
        "training" => training,
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, "No such service has a feed."),
    };
}
