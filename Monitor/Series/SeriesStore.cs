using Dapper;
using Npgsql;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Series;

/// <summary>One bucket of one series.</summary>
public sealed record SeriesBucket(ModelRef Model, ModelSlot Slot, string Region, string Camera, DateTimeOffset Start, SeriesSketch Sketch);

/// <summary>Takes one stored row: a part of a bucket. The bytes are valid only during the call.</summary>
/// <param name="start">Unix seconds; may lie within the bucket when the bucket is not rolled up yet.</param>
public delegate void SeriesVisitor(SeriesKey series, long start, EncodedSketch sketch);

/// <summary>Reads series. What is not rolled up yet is summed from the finer resolution, so that every resolution reaches up to what is folded.</summary>
public static class SeriesStore
{
    static readonly (SketchParts Part, string Name)[] PartColumns =
        [(SketchParts.Latency, "latency"), (SketchParts.Stages, "stages"), (SketchParts.Distributions, "distributions"), (SketchParts.Images, "images")];

    /// <summary>Buckets of every camera of a deployment that start in [from, to), ordered by start.</summary>
    public static Task<List<SeriesBucket>> ReadAsync(
        NpgsqlDataSource database, string deployment, int resolution, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        ReadAsync(database, new SeriesQuery(deployment, resolution, from, to), cancellationToken);

    /// <summary>Buckets ordered by start.</summary>
    public static async Task<List<SeriesBucket>> ReadAsync(NpgsqlDataSource database, SeriesQuery query, CancellationToken cancellationToken)
    {
        var sums = new Dictionary<(long Start, SeriesKey Series), SeriesSketch>();
        await ScanAsync(database, query, (series, start, sketch) =>
        {
            var key = (query.BucketOf(start), series);
            if (!sums.TryGetValue(key, out var sum)) sums[key] = sum = new SeriesSketch();
            SketchCodec.AddTo(sum, sketch);
        }, cancellationToken);
        return [.. sums.OrderBy(pair => pair.Key.Start).Select(pair => new SeriesBucket(
            pair.Key.Series.Model, pair.Key.Series.Slot, pair.Key.Series.Region, pair.Key.Series.Camera,
            DateTimeOffset.FromUnixTimeSeconds(pair.Key.Start), pair.Value))];
    }

    /// <summary>Visits every stored row of a query, in no order.</summary>
    public static async Task ScanAsync(NpgsqlDataSource database, SeriesQuery query, SeriesVisitor visit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var level = query.Resolution == Resolutions.Second ? SeriesLevel.Region : query.Level;
        var series = (await SeriesOfAsync(connection, query.Deployment, level, cancellationToken))
            .Where(pair => query.Where?.Invoke(pair.Value) != false).ToDictionary();
        if (series.Count == 0) return;
        await ScanAsync(connection, series, Pieces(query, await SeriesFrontiers.ReadAsync(connection, cancellationToken)), query.Parts, visit, cancellationToken);
    }

    /// <summary>The series that have a bucket in a query's range.</summary>
    public static async Task<List<SeriesKey>> ActiveAsync(NpgsqlDataSource database, SeriesQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var pieces = Pieces(query, await SeriesFrontiers.ReadAsync(connection, cancellationToken));
        if (pieces.Count == 0) return [];
        var any = string.Join(" or ", pieces.Select(piece =>
            $"exists (select 1 from {piece.Table.Name} b where b.series = s.id and b.start >= to_timestamp({piece.From}) and b.start < to_timestamp({piece.To}))"));
        var rows = await connection.QueryAsync<SeriesRow>(new CommandDefinition(
            $"select {SeriesRow.Columns} from series s where deployment = @Deployment and level = @level and ({any})",
            new { query.Deployment, level = (short)query.Level }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToKey()).Where(series => query.Where?.Invoke(series) != false)];
    }

    /// <summary>How many cameras a deployment has or had, of some series.</summary>
    internal static async Task<int> CountCamerasAsync(
        NpgsqlDataSource database, string deployment, Func<SeriesKey, bool> where, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await SeriesOfAsync(connection, deployment, SeriesLevel.Camera, cancellationToken)).Values.Where(where).Select(series => series.Camera).Distinct().Count();
    }

    /// <summary>Visits the rows of some series in [from, to), Unix seconds, of one or several tables.</summary>
    internal static async Task ScanAsync(
        NpgsqlConnection connection, IReadOnlyDictionary<int, SeriesKey> series, IReadOnlyList<(SeriesTable Table, long From, long To)> pieces,
        SketchParts parts, SeriesVisitor visit, CancellationToken cancellationToken)
    {
        if (pieces.Count == 0) return;
        string[] wanted = [.. PartColumns.Where(column => parts.HasFlag(column.Part)).Select(column => column.Name)];
        await using var command = new NpgsqlCommand(string.Join("\nunion all\n", pieces.Select((piece, i) =>
            $"""
            select {string.Join(", ", ["series", "start", "counts", .. wanted])} from {piece.Table.Name}
            where series = any($1) and start >= ${2 * i + 2} and start < ${2 * i + 3}
            """)), connection);
        command.Parameters.Add(new() { Value = series.Keys.ToArray() });
        foreach (var (_, from, to) in pieces)
        {
            command.Parameters.Add(new() { Value = DateTimeOffset.FromUnixTimeSeconds(from) });
            command.Parameters.Add(new() { Value = DateTimeOffset.FromUnixTimeSeconds(to) });
        }
        int[] at = [.. PartColumns.Select(column => Array.IndexOf(wanted, column.Name) is >= 0 and var place ? 3 + place : -1)];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            visit(series[reader.GetInt32(0)], (reader.GetDateTime(1).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond,
                new EncodedSketch(Bytes(reader, 2), Bytes(reader, at[0]), Bytes(reader, at[1]), Bytes(reader, at[2]), Bytes(reader, at[3])));
    }

    /// <summary>Series by id: those of a deployment, or all.</summary>
    internal static async Task<Dictionary<int, SeriesKey>> SeriesOfAsync(
        NpgsqlConnection connection, string? deployment, SeriesLevel? level, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<SeriesRow>(new CommandDefinition(
            $"""
            select {SeriesRow.Columns} from series
            where (@deployment::text is null or deployment = @deployment) and (@level::smallint is null or level = @level)
            """, new { deployment, level = (short?)level }, cancellationToken: cancellationToken)))
        .ToDictionary(row => row.Id, row => row.ToKey());

    /// <summary>The tables that hold a query's range: its own up to its frontier, then the finer one, and so on.</summary>
    internal static List<(SeriesTable Table, long From, long To)> Pieces(SeriesQuery query, SeriesFrontiers frontiers)
    {
        var pieces = new List<(SeriesTable, long, long)>();
        Add(SeriesTable.Of(query.Resolution), Ceiling(query.From), Ceiling(query.To));
        return pieces;

        void Add(SeriesTable table, long from, long to)
        {
            var until = table.Source is null ? to : Math.Min(to, frontiers.Find(table.Resolution, query.Deployment) ?? from);
            if (until > from) pieces.Add((table, from, until));
            from = Math.Max(from, until);
            if (table.Source is not { } source || from >= to) return;
            var finer = SeriesTable.Of(source);
            // A day may begin within an hour; the rest of that hour is in minutes only.
            var whole = Math.Min(to, Resolutions.Floor(from + source - 1, source));
            if (finer.Source is { } finest && whole > from) Add(SeriesTable.Of(finest), from, whole);
            Add(finer, finer.Source is null ? from : whole, to);
        }
    }

    static ReadOnlySpan<byte> Bytes(NpgsqlDataReader reader, int column) =>
        column < 0 || reader.IsDBNull(column) ? default : reader.GetFieldValue<byte[]>(column);

    static long Ceiling(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
}
