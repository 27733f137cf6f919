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

    /// <summary>What is asked for a chart: whole steps, but never nothing. Of bars also the step under way, whose shares do not fall because it is short.</summary>
    public TimeWindow Asked(int stepSeconds, bool bars = false) =>
        On(stepSeconds) is var whole && (bars || whole.To == whole.From) ? whole with { To = To } : whole;

    /// <summary>
    /// The finest step, in seconds, that Monitor surely still has of what is <paramref name="age"/> old. It keeps seconds for 3 hours, ten seconds for
    /// 2 days and minutes for 35 days; the margin lets a question take its time.
    /// </summary>
    public static int Kept(TimeSpan age) => age.TotalDays > 34 ? 3600 : age.TotalHours > 47 ? 60 : age.TotalHours > 2.9 ? 10 : 1;

    static readonly int[] Steps = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 21_600, 86_400];

    static DateTimeOffset Floor(DateTimeOffset at, int seconds) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds() / seconds * seconds);
}
