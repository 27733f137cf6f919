using Npgsql;
using NpgsqlTypes;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Series;

/// <summary>
/// Appends buckets by COPY, in the order of the index, and creates series and partitions that are missing. What it remembers of them is dropped
/// unless the transaction is committed through it.
/// </summary>
sealed class SeriesAppender
{
    SeriesCatalogue catalogue = new();
    HashSet<(SeriesTable, long)> partitions = [];
    bool unsettled;

    /// <summary>Call first in each transaction.</summary>
    public void Begin()
    {
        if (unsettled) (catalogue, partitions) = (new(), []); // the last transaction ended some other way
        unsettled = true;
    }

    /// <param name="rows">Sketches by series and start in Unix seconds.</param>
    public async Task AppendAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, SeriesTable table,
        IReadOnlyDictionary<(SeriesKey Series, long Start), SeriesSketch> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return;
        await catalogue.LearnAsync(connection, rows.Keys.Select(key => key.Series), cancellationToken);
        var missing = rows.Keys.Select(key => (table, table.PartitionOf(key.Start))).Distinct().Where(partition => !partitions.Contains(partition)).ToList();
        if (missing.Count > 0) await SeriesPartitions.CreateAsync(connection, transaction, missing, cancellationToken);
        partitions.UnionWith(missing);
        await CopyAsync(connection, table, [.. rows.Select(row => (catalogue[row.Key.Series], row.Key.Start, row.Value)).OrderBy(row => (row.Item1, row.Start))], cancellationToken);
    }

    public async Task CommitAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await transaction.CommitAsync(cancellationToken);
        unsettled = false;
    }

    static async Task CopyAsync(NpgsqlConnection connection, SeriesTable table, List<(int Series, long Start, SeriesSketch Sketch)> rows, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"copy {table.Name} (series, start, counts, latency, stages, distributions, images) from stdin (format binary)", cancellationToken);
        var writer = new ByteWriter();
        foreach (var (series, start, sketch) in rows)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(series, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(DateTimeOffset.FromUnixTimeSeconds(start), NpgsqlDbType.TimestampTz, cancellationToken);
            for (var part = 0; part < SketchCodec.Parts; part++)
            {
                writer.Clear();
                SketchCodec.Write(writer, sketch, part);
                if (writer.Length == 0) await copy.WriteNullAsync(cancellationToken);
                else await copy.WriteAsync(writer.Written.ToArray(), NpgsqlDbType.Bytea, cancellationToken);
            }
        }
        await copy.CompleteAsync(cancellationToken);
    }
}
