namespace RetrainLoop.Monitor.Series;

/// <summary>Bucket lengths in seconds: ten seconds for blocks and live figures, minutes for charts and alerts.</summary>
public static class Resolutions
{
    public const int TenSeconds = 10, Minute = 60;
    public static readonly IReadOnlyList<int> All = [TenSeconds, Minute];

    /// <summary>The start of the bucket that holds an instant.</summary>
    public static DateTimeOffset Floor(this DateTimeOffset at, int resolution)
    {
        var seconds = at.ToUnixTimeSeconds();
        return DateTimeOffset.FromUnixTimeSeconds(seconds - seconds % resolution);
    }
}
