namespace RetrainLoop.Monitor.Series;

/// <summary>Which buckets to read: those of a deployment that start in [From, To).</summary>
/// <param name="Resolution">Seconds per bucket, one of <see cref="Resolutions"/>. Single seconds exist per region only.</param>
public sealed record SeriesQuery(string Deployment, int Resolution, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Regions answer what needs no camera, from a fraction of the rows.</summary>
    public SeriesLevel Level { get; init; } = SeriesLevel.Camera;

    /// <summary>What of the sketches is read; the rest stays empty.</summary>
    public SketchParts Parts { get; init; } = SketchParts.All;

    /// <summary>Null = every series.</summary>
    public Func<SeriesKey, bool>? Where { get; init; }

    /// <summary>Whose days: only for <see cref="Resolutions.Day"/>.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The start of the bucket, in Unix seconds, that holds a second.</summary>
    public long BucketOf(long second) => Resolution == Resolutions.Day
        ? ZoneDays.StartOf(DateTimeOffset.FromUnixTimeSeconds(second), Zone).ToUnixTimeSeconds()
        : Resolutions.Floor(second, Resolution);
}
