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
            "insert into baseline_cells (baseline, camera, start, sketch) select $1, * from unnest($2, $3, $4)", connection, transaction)
        {
            Parameters =
            {
                new() { Value = baseline },
                new() { Value = window.Cells.Select(cell => cell.Camera).ToArray() },
                new() { Value = window.Cells.Select(cell => cell.Start.ToUniversalTime()).ToArray() },
                new() { Value = window.Cells.Select(cell => SketchCodec.Encode(cell.Sketch)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The baseline's window as it was locked.</summary>
    public static async Task<SignalWindow> ReadAsync(NpgsqlDataSource database, LockedBaseline baseline, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select camera, start, sketch from baseline_cells where baseline = $1 order by start, camera", connection)
        {
            Parameters = { new() { Value = baseline.Info.Id } },
        };
        var cells = new List<CameraCell>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var sketch = new SeriesSketch();
            SketchCodec.AddTo(sketch, reader.GetFieldValue<byte[]>(2));
            cells.Add(new CameraCell(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), sketch));
        }
        return new SignalWindow(baseline.Info.From, baseline.Info.LockedAt!.Value, Math.Max(baseline.Content.CellSeconds, Resolutions.TenSeconds), cells);
    }
}
