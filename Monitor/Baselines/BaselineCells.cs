using Npgsql;
using NpgsqlTypes;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Drift;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Baselines;

/// <summary>The cells of time that a locked baseline keeps, per camera: a locked histogram alone cannot be compared block by block.</summary>
static class BaselineCells
{
    public static async Task SaveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid baseline, SignalWindow window, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "insert into baseline_cells (baseline, camera, start, counts, distributions, images) select $1, * from unnest($2, $3, $4, $5, $6)", connection, transaction)
        {
            Parameters =
            {
                new() { Value = baseline },
                new() { Value = window.Cells.Select(cell => cell.Camera).ToArray() },
                new() { Value = window.Cells.Select(cell => cell.Start.ToUniversalTime()).ToArray() },
                Parts(window, 0), Parts(window, 3), Parts(window, 4),
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static NpgsqlParameter Parts(SignalWindow window, int part)
    {
        var writer = new ByteWriter();
        return new NpgsqlParameter
        {
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
            Value = window.Cells.Select(cell =>
            {
                writer.Clear();
                SketchCodec.Write(writer, cell.Sketch, part);
                return writer.Written.ToArray();
            }).ToArray(),
        };
    }

    /// <summary>The baseline's window as it was locked.</summary>
    public static async Task<SignalWindow> ReadAsync(NpgsqlDataSource database, LockedBaseline baseline, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select camera, start, counts, distributions, images from baseline_cells where baseline = $1 order by start, camera", connection)
        {
            Parameters = { new() { Value = baseline.Info.Id } },
        };
        var cells = new List<CameraCell>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var sketch = new SeriesSketch();
            SketchCodec.AddTo(sketch, new EncodedSketch(
                reader.GetFieldValue<byte[]>(2), default, default, reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4)));
            cells.Add(new CameraCell(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), sketch));
        }
        return new SignalWindow(baseline.Info.From, baseline.Info.LockedAt!.Value, Math.Max(baseline.Content.CellSeconds, Resolutions.TenSeconds), cells);
    }
}
