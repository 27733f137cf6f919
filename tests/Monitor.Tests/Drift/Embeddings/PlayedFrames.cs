using RetrainLoop.Monitor.Drift.Embeddings;

namespace RetrainLoop.Tests.Monitor.Drift.Embeddings;

/// <summary>Embeddings of cameras that look at one place each, with a little spread.</summary>
static class PlayedFrames
{
    public const int Dimensions = 16;

    /// <summary>Frames in the cells of ten seconds of <see cref="PlayedWindow"/>.</summary>
    /// <param name="shift">How far a camera's view moved, against a spread of 0.05 per dimension.</param>
    public static List<EmbeddedFrame> Of(int fromCell, int cells, int perCell = 10, int cameras = 2, Func<string, double>? shift = null)
    {
        var random = new Random(fromCell + 1);
        return [.. from cell in Enumerable.Range(fromCell, cells)
                   from camera in Enumerable.Range(1, cameras)
                   from frame in Enumerable.Range(0, perCell)
                   select new EmbeddedFrame(Guid.NewGuid(), $"cam-{camera}", PlayedWindow.Start.AddSeconds(10 * cell + 0.9 * frame), true,
                       Unit(random, Dimensions, shift?.Invoke($"cam-{camera}") ?? 0, camera))];
    }

    /// <param name="place">Which way a camera looks.</param>
    public static float[] Unit(Random random, int dimensions, double shift, int place = 0)
    {
        var vector = new double[dimensions];
        for (var i = 0; i < dimensions; i++) vector[i] = 0.05 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        vector[place]++;
        vector[^1] += shift;
        var length = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => (float)(value / length))];
    }
}
