namespace RetrainLoop.Web.Pages.Deployments;

/// <summary>The half-open stretch of time that charts show.</summary>
public readonly record struct TimeWindow(DateTimeOffset From, DateTimeOffset To)
{
    public TimeSpan Length => To - From;

    /// <summary>Seconds between the points of a chart: the finest of the usual steps that gives at most <paramref name="mostPoints"/>, and no finer than the least.</summary>
    public int Step(int leastSeconds = 10, int mostPoints = 400)
    {
        var needed = Math.Max(leastSeconds, Length.TotalSeconds / mostPoints);
        return Array.Find(Steps, step => step >= needed) is > 0 and var step ? step : Steps[^1];
    }

    /// <summary>Seconds between the bars of a distribution: at least four bars, days when the window has several.</summary>
    public int BarStep() => Length.TotalHours switch
    {
        > 48 => 86_400,
        > 12 => 7200,
        > 2 => 1800,
        _ => 600,
    };

    /// <summary>Narrowed to whole steps.</summary>
    public TimeWindow On(int stepSeconds) => new(Floor(From, stepSeconds), Floor(To, stepSeconds));

    static readonly int[] Steps = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 21_600, 86_400];

    static DateTimeOffset Floor(DateTimeOffset at, int seconds) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds() / seconds * seconds);
}
