namespace RetrainLoop.Monitor.Series;

/// <summary>Bucket lengths in seconds. Each is rolled up from a finer one; a day follows the deployment's zone and may have 23 to 25 hours.</summary>
public static class Resolutions
{
    public const int Second = 1, TenSeconds = 10, Minute = 60, Hour = 3600, Day = 86400;
    public static readonly IReadOnlyList<int> All = [Second, TenSeconds, Minute, Hour, Day];

    /// <summary>The start of the bucket that holds an instant.</summary>
    public static DateTimeOffset Floor(this DateTimeOffset at, int resolution) =>
        DateTimeOffset.FromUnixTimeSeconds(Floor(at.ToUnixTimeSeconds(), resolution));

    /// <summary>The same in Unix seconds.</summary>
    public static long Floor(long second, int resolution) => second - ((second % resolution) + resolution) % resolution;
}
