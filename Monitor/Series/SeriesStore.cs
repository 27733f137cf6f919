using Dapper;
using Npgsql;
using NpgsqlTypes;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Series;

/// <summary>One bucket of one series.</summary>
public sealed record SeriesBucket(ModelRef Model, ModelSlot Slot, string Region, string Camera, DateTimeOffset Start, SeriesSketch Sketch);

/// <summary>The SQL of series and their buckets.</summary>
public static class SeriesStore
{
    /// <summary>Adds sketches to the stored buckets, within the caller's transaction; the caller holds the fold lock.</summary>
    public static async Task MergeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction,
        IReadOnlyDictionary<(SeriesKey Series, int Resolution, long Start), SeriesSketch> buckets, CancellationToken cancellationToken)
    {
        if (buckets.Count == 0) return;
        var ids = new Dictionary<SeriesKey, int>();
        foreach (var series in buckets.Keys.Select(key => key.Series).Distinct())
            ids[series] = await IdOfAsync(connection, transaction, series, cancellationToken);
        var keys = buckets.Keys.Select(key => (Series: ids[key.Series], key.Resolution, key.Start)).ToList();
        var sketches = buckets.Values.ToList();
        await AddStoredAsync(connection, transaction, keys, sketches, cancellationToken);

        await using var upsert = new NpgsqlCommand(
            """
            insert into series_buckets (series, resolution, start, sketch)
            select * from unnest($1, $2, $3, $4)
            on conflict (series, resolution, start) do update set sketch = excluded.sketch
            """, connection, transaction);
        AddKeys(upsert, keys);
        upsert.Parameters.Add(new() { Value = sketches.Select(SketchCodec.Encode).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        await upsert.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Buckets of a deployment that start in [from, to), ordered by start.</summary>
    public static async Task<List<SeriesBucket>> ReadAsync(
        NpgsqlDataSource database, string deployment, int resolution, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            select s.model_name, s.model_version, s.slot, s.region, s.camera, b.start, b.sketch
            from series s join series_buckets b on b.series = s.id
            where s.deployment = $1 and b.resolution = $2 and b.start >= $3 and b.start < $4
            order by b.start, s.id
            """, connection)
        {
            Parameters =
            {
                new() { Value = deployment },
                new() { Value = (short)resolution },
                new() { Value = from.ToUniversalTime() },
                new() { Value = to.ToUniversalTime() },
            },
        };
        var buckets = new List<SeriesBucket>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var sketch = new SeriesSketch();
            SketchCodec.AddTo(sketch, reader.GetFieldValue<byte[]>(6));
            buckets.Add(new SeriesBucket(new ModelRef(reader.GetString(0), reader.GetInt32(1)), (ModelSlot)reader.GetInt16(2),
                reader.GetString(3), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5), sketch));
        }
        return buckets;
    }

    static Task<int> IdOfAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, SeriesKey series, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            with known as (
                select id from series where deployment = @Deployment and model_name = @Name and model_version = @Version
                    and slot = @slot and region = @Region and camera = @Camera),
            added as (
                insert into series (deployment, model_name, model_version, slot, region, camera)
                select @Deployment, @Name, @Version, @slot, @Region, @Camera where not exists (select 1 from known)
                returning id)
            select id from known union all select id from added
            """,
            new { series.Deployment, series.Model.Name, series.Model.Version, slot = (short)series.Slot, series.Region, series.Camera },
            transaction, cancellationToken: cancellationToken));

    static async Task AddStoredAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<(int Series, int Resolution, long Start)> keys,
        List<SeriesSketch> sketches, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            select wanted.place, b.sketch
            from unnest($1, $2, $3) with ordinality as wanted (series, resolution, start, place)
            join series_buckets b on b.series = wanted.series and b.resolution = wanted.resolution and b.start = wanted.start
            """, connection, transaction);
        AddKeys(command, keys);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            SketchCodec.AddTo(sketches[(int)reader.GetInt64(0) - 1], reader.GetFieldValue<byte[]>(1));
    }

    static void AddKeys(NpgsqlCommand command, List<(int Series, int Resolution, long Start)> keys)
    {
        command.Parameters.Add(new() { Value = keys.Select(key => key.Series).ToArray() });
        command.Parameters.Add(new() { Value = keys.Select(key => (short)key.Resolution).ToArray() });
        command.Parameters.Add(new() { Value = keys.Select(key => DateTimeOffset.FromUnixTimeSeconds(key.Start)).ToArray() });
    }
}
