using Npgsql;

namespace RetrainLoop.Monitor.Series;

/// <summary>Ids of series, remembered by the one who writes. Committed before the rows that use them.</summary>
sealed class SeriesCatalogue
{
    readonly Dictionary<SeriesKey, int> ids = [];

    public int this[SeriesKey series] => ids[series];

    /// <summary>Looks up or adds the series that are not known yet.</summary>
    public async Task LearnAsync(NpgsqlConnection connection, IEnumerable<SeriesKey> wanted, CancellationToken cancellationToken)
    {
        var missing = wanted.Where(series => !ids.ContainsKey(series)).Distinct().ToList();
        if (missing.Count == 0) return;
        await using var command = new NpgsqlCommand(
            """
            with wanted as materialized (
                select * from unnest($1, $2, $3, $4, $5, $6, $7) with ordinality
                    as w (deployment, level, model_name, model_version, slot, region, camera, place)),
            added as (
                insert into series (deployment, level, model_name, model_version, slot, region, camera)
                select deployment, level, model_name, model_version, slot, region, camera from wanted
                on conflict do nothing
                returning id, deployment, level, model_name, model_version, slot, region, camera),
            known as (
                select id, deployment, level, model_name, model_version, slot, region, camera from series
                union all select * from added)
            select w.place, k.id from wanted w join known k using (deployment, level, model_name, model_version, slot, region, camera)
            """, connection);
        Add(missing.Select(series => series.Deployment));
        Add(missing.Select(series => (short)series.Level));
        Add(missing.Select(series => series.Model.Name));
        Add(missing.Select(series => series.Model.Version));
        Add(missing.Select(series => (short)series.Slot));
        Add(missing.Select(series => series.Region));
        Add(missing.Select(series => series.Camera));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) ids[missing[(int)reader.GetInt64(0) - 1]] = reader.GetInt32(1);

        void Add<T>(IEnumerable<T> values) => command.Parameters.Add(new() { Value = values.ToArray() });
    }
}
