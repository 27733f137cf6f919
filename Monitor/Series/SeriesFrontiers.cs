using Dapper;
using Npgsql;

namespace RetrainLoop.Monitor.Series;

/// <summary>How far each resolution is written, in Unix seconds. What arrives for a time before it is appended there as a part.</summary>
sealed class SeriesFrontiers
{
    readonly Dictionary<(int Resolution, string Deployment), long> until;

    SeriesFrontiers(Dictionary<(int, string), long> until) => this.until = until;

    /// <param name="deployment">Only for days.</param>
    public long? Find(int resolution, string deployment = "") =>
        until.TryGetValue((resolution, resolution == Resolutions.Day ? deployment : ""), out var second) ? second : null;

    /// <summary>The least of all deployments; null when nothing was rolled up yet.</summary>
    public long? Least(int resolution) => until.Where(pair => pair.Key.Resolution == resolution).Select(pair => (long?)pair.Value).Min();

    /// <summary>The newest of all deployments; null when nothing was rolled up yet.</summary>
    public long? Newest(int resolution) => until.Where(pair => pair.Key.Resolution == resolution).Select(pair => (long?)pair.Value).Max();

    /// <summary>Where a resolution begins when it has no frontier yet.</summary>
    public bool Begin(int resolution, long second) => until.TryAdd((resolution, ""), second);

    public static async Task<SeriesFrontiers> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(int Resolution, string Deployment, long Until)>(new CommandDefinition(
            "select resolution, deployment, extract(epoch from until)::bigint from series_frontiers", cancellationToken: cancellationToken));
        return new SeriesFrontiers(rows.ToDictionary(row => (row.Resolution, row.Deployment), row => row.Until));
    }

    public static Task MoveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, int resolution, string deployment, long until, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            insert into series_frontiers as known (resolution, deployment, until) values (@resolution, @deployment, to_timestamp(@until))
            on conflict (resolution, deployment) do update set until = greatest(known.until, excluded.until)
            """,
            new { resolution, deployment, until }, transaction, cancellationToken: cancellationToken));
}
