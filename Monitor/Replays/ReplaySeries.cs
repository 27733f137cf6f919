using Npgsql;
using NpgsqlTypes;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Replays;

/// <summary>The series of replays: minutes per region and camera, in the same sketches as live series.</summary>
static class ReplaySeries
{
    /// <summary>Long stretches are read in pieces: weeks of a hundred cameras do not fit into memory.</summary>
    public static readonly TimeSpan Piece = TimeSpan.FromHours(6);

    /// <summary>Adds what a batch counted, within the caller's transaction, which holds the replay's lock.</summary>
    public static async Task AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid replay, IReadOnlyList<SeriesSecond> seconds, CancellationToken cancellationToken)
    {
        if (seconds.Count == 0) return;
        var buckets = new Dictionary<(DateTimeOffset Start, string Region, string Camera), SeriesSketch>();
        foreach (var second in seconds)
        {
            var key = (DateTimeOffset.FromUnixTimeSeconds(second.Second).Floor(Resolutions.Minute), second.Region, second.Camera);
            if (!buckets.TryGetValue(key, out var sketch)) buckets[key] = sketch = new SeriesSketch();
            sketch.Add(second);
        }
        await AddStoredAsync(connection, transaction, replay, buckets, cancellationToken);
        await using var upsert = new NpgsqlCommand(
            """
            insert into replay_buckets (replay, start, region, camera, sketch) select $1, * from unnest($2, $3, $4, $5)
            on conflict (replay, start, region, camera) do update set sketch = excluded.sketch
            """, connection, transaction);
        AddKeys(upsert, replay, buckets.Keys);
        upsert.Parameters.Add(new() { Value = buckets.Values.Select(PackedSketch.Pack).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        await upsert.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Minutes of a replay that start in [from, to), ordered by start.</summary>
    public static async Task<List<SeriesBucket>> ReadAsync(
        NpgsqlDataSource database, Replay replay, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "select region, camera, start, sketch from replay_buckets where replay = $1 and start >= $2 and start < $3 order by start, region, camera",
            connection)
        {
            Parameters = { new() { Value = replay.Id }, new() { Value = from.ToUniversalTime() }, new() { Value = to.ToUniversalTime() } },
        };
        var buckets = new List<SeriesBucket>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var sketch = new SeriesSketch();
            PackedSketch.AddTo(sketch, reader.GetFieldValue<byte[]>(3));
            buckets.Add(new SeriesBucket(replay.Start.Model, ModelSlot.Champion, reader.GetString(0), reader.GetString(1),
                reader.GetFieldValue<DateTimeOffset>(2), sketch));
        }
        return buckets;
    }

    /// <summary>Minutes of a replay that start in [from, to), summed per camera into cells of time; the first cell may be cut.</summary>
    public static async Task<List<SeriesBucket>> CellsAsync(
        NpgsqlDataSource database, Replay replay, DateTimeOffset from, DateTimeOffset to, int cellSeconds, CancellationToken cancellationToken)
    {
        var cells = new Dictionary<(DateTimeOffset Start, string Camera), SeriesSketch>();
        for (var piece = from; piece < to; piece += Piece)
            foreach (var minute in await ReadAsync(database, replay, piece, piece + Piece < to ? piece + Piece : to, cancellationToken))
            {
                var start = minute.Start.Floor(cellSeconds);
                var key = (start < from ? from : start, minute.Camera);
                if (!cells.TryGetValue(key, out var cell)) cells[key] = cell = new SeriesSketch();
                cell.Add(minute.Sketch);
            }
        return [.. cells.OrderBy(pair => pair.Key.Start).Select(pair =>
            new SeriesBucket(replay.Start.Model, ModelSlot.Champion, "", pair.Key.Camera, pair.Key.Start, pair.Value))];
    }

    static async Task AddStoredAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid replay,
        Dictionary<(DateTimeOffset Start, string Region, string Camera), SeriesSketch> buckets, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            select b.start, b.region, b.camera, b.sketch
            from unnest($2, $3, $4) as wanted (start, region, camera)
            join replay_buckets b on b.replay = $1 and b.start = wanted.start and b.region = wanted.region and b.camera = wanted.camera
            """, connection, transaction);
        AddKeys(command, replay, buckets.Keys);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            PackedSketch.AddTo(buckets[(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetString(2))], reader.GetFieldValue<byte[]>(3));
    }

    static void AddKeys(NpgsqlCommand command, Guid replay, IReadOnlyCollection<(DateTimeOffset Start, string Region, string Camera)> keys)
    {
        command.Parameters.Add(new() { Value = replay });
        command.Parameters.Add(new() { Value = keys.Select(key => key.Start).ToArray() });
        command.Parameters.Add(new() { Value = keys.Select(key => key.Region).ToArray() });
        command.Parameters.Add(new() { Value = keys.Select(key => key.Camera).ToArray() });
    }
}
