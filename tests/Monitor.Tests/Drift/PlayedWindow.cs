using RetrainLoop.Monitor.Drift;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Tests.Monitor.Drift;

/// <summary>A window of cameras that detect the same in every cell of ten seconds, with a little spread.</summary>
static class PlayedWindow
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    public static SignalWindow Of(
        int fromCell, int cells, double confidence = 0.8, int perCell = 40, Func<string, double>? of = null, string? nameOf = null, int cameras = 2)
    {
        var random = new Random(fromCell + 1);
        var played = new List<CameraCell>();
        for (var cell = fromCell; cell < fromCell + cells; cell++)
            for (var camera = 1; camera <= cameras; camera++)
            {
                var (name, sketch) = ($"cam-{camera}", new SeriesSketch());
                for (var i = 0; i < perCell; i++)
                    sketch.Add(Batches.Second(Start, detectionsEach: 1, confidence: (of?.Invoke(name) ?? confidence) + 0.1 * (random.NextDouble() - 0.5), camera: name));
                if (nameOf is not null) (sketch.Classes[nameOf], _) = (sketch.Classes["nut"], sketch.Classes.Remove("nut"));
                played.Add(new CameraCell(name, Start.AddSeconds(10 * cell), sketch));
            }
        return new SignalWindow(Start.AddSeconds(10 * fromCell), Start.AddSeconds(10 * (fromCell + cells)), 10, played);
    }
}
