using RetrainLoop.Inference.Replays.Archives;
using RetrainLoop.Inference.Telemetry;

namespace RetrainLoop.Inference.Replays;

/// <summary>Makes telemetry of old frames: the same records as live traffic, with the second in which a frame was taken. Pure.</summary>
static class ReplayBatch
{
    public const string Replica = "replay";

    /// <param name="observations">Of the frames, in their order.</param>
    /// <param name="next">The first frame after these; null = these are the last.</param>
    public static TelemetryBatch Of(
        LeasedReplay replay, IReadOnlyList<ManifestFrame> frames, IReadOnlyList<FrameObservation> observations, ManifestFrame? next, DateTimeOffset now)
    {
        var seconds = new Dictionary<(long Second, SeriesKey Series), SeriesAccumulator>();
        for (var i = 0; i < frames.Count; i++)
        {
            var series = new SeriesKey(replay.Deployment.Name, replay.Model, ModelSlot.Champion, frames[i].Region, frames[i].Camera);
            var key = (frames[i].CapturedAt.ToUnixTimeSeconds(), series);
            if (!seconds.TryGetValue(key, out var counts)) seconds.Add(key, counts = new SeriesAccumulator());
            counts.Add(observations[i]);
        }
        var watermark = next is null ? replay.To : DateTimeOffset.FromUnixTimeSeconds(next.CapturedAt.ToUnixTimeSeconds());
        return new TelemetryBatch(Replica, replay.Id, replay.Done / replay.ChunkSize + 1, now, watermark,
            [.. seconds.Select(pair => pair.Value.ToSeries(pair.Key.Second, pair.Key.Series))]);
    }

    /// <summary>The end of the second that holds an instant.</summary>
    public static DateTimeOffset SecondAfter(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds() + 1);
}
