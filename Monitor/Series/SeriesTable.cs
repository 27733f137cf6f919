namespace RetrainLoop.Monitor.Series;

/// <summary>The table of one resolution.</summary>
/// <param name="Resolution">Seconds per bucket.</param>
/// <param name="PartitionSeconds">Width of a partition; partitions start at multiples of it.</param>
/// <param name="Source">The resolution that it is rolled up from; null = folded from batches.</param>
public sealed record SeriesTable(string Name, int Resolution, long PartitionSeconds, int? Source)
{
    const long OneDay = 86400;

    public static readonly SeriesTable Seconds = new("series_seconds", Resolutions.Second, 3600, null);
    public static readonly SeriesTable TenSeconds = new("series_ten_seconds", Resolutions.TenSeconds, OneDay, null);
    public static readonly SeriesTable Minutes = new("series_minutes", Resolutions.Minute, 7 * OneDay, Resolutions.TenSeconds);
    public static readonly SeriesTable Hours = new("series_hours", Resolutions.Hour, 30 * OneDay, Resolutions.Minute);
    public static readonly SeriesTable Days = new("series_days", Resolutions.Day, 360 * OneDay, Resolutions.Hour);
    public static readonly IReadOnlyList<SeriesTable> All = [Seconds, TenSeconds, Minutes, Hours, Days];

    public static SeriesTable Of(int resolution) => All.Single(table => table.Resolution == resolution);

    /// <summary>Number of the partition that holds an instant in Unix seconds.</summary>
    public long PartitionOf(long second) => second / PartitionSeconds;

    public string PartitionName(long partition) => $"{Name}_{DateTimeOffset.FromUnixTimeSeconds(partition * PartitionSeconds):yyyyMMdd_HH}";
}
