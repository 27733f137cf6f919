using System.Globalization;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>What a live-holdout curve says. Pure.</summary>
public static class HoldoutTrend
{
    const int Drops = 3;

    /// <summary>The newest points, one a week, between which the trend is judged; null with fewer than four.</summary>
    /// <param name="points">Oldest first.</param>
    /// <param name="zone">The deployment's, whose weeks count.</param>
    public static (HoldoutPoint First, HoldoutPoint Last)? Ends(IReadOnlyList<HoldoutPoint> points, TimeZoneInfo zone)
    {
        var weekly = Weekly(points, zone);
        return weekly.Count <= Drops ? null : (weekly[^(Drops + 1)], weekly[^1]);
    }

    /// <summary>The point that stands for the time of the lock: the newest one of the baseline's model until then, else its first one after.</summary>
    public static HoldoutPoint? AtLock(IReadOnlyList<HoldoutPoint> points, BaselineInfo baseline)
    {
        var own = points.Where(point => point.Model == baseline.Model).ToList();
        return own.LastOrDefault(point => point.At <= baseline.LockedAt) ?? own.FirstOrDefault();
    }

    /// <param name="sinceLock">The change from the lock to the newest point.</param>
    /// <param name="trend">The change between <see cref="Ends"/>.</param>
    /// <param name="drop">As a fraction; 0.01 is one point.</param>
    public static HoldoutVerdict Judge(
        IReadOnlyList<HoldoutPoint> points, TimeZoneInfo zone, HoldoutChange? sinceLock, HoldoutChange? trend, double drop)
    {
        var dropped = sinceLock?.Difference < -drop;
        var downtrend = trend is { ExcludesNoise: true, Difference: < 0 } && FallsInARow(Weekly(points, zone));
        var summary = (points.Count, sinceLock) switch
        {
            (0, _) => "The live holdout was never scored.",
            (_, null) => "There is no value from the time of the baseline's lock to compare with.",
            (_, { } change) => Text($"{change.Difference * 100:+0.0;-0.0;0.0} points since the baseline's lock")
                + (change is { Low: { } low, High: { } high } ? Text($" [{low * 100:+0.0;-0.0;0.0}, {high * 100:+0.0;-0.0;0.0}]") : "")
                + (!dropped ? Text($"; a drop is more than {drop * 100:0.##}.")
                    : change.ExcludesNoise ? "; the interval excludes noise." : "; the interval does not exclude noise."),
        };
        if (downtrend) summary += Text($" Three weeks of falling mAP, {trend!.Difference * 100:+0.0;-0.0} points together, more than noise.");
        return new HoldoutVerdict(dropped, sinceLock, downtrend, trend, summary);
    }

    /// <summary>Widths of intervals fall with the square root of the number of images.</summary>
    public static LabelsNeeded Labels(HoldoutPoint? newest, double wantedWidth)
    {
        if (newest is not { Low: { } low, High: { } high } || high <= low)
            return new LabelsNeeded(wantedWidth, null, newest?.Images ?? 0, null, "There is no interval to start from yet.");
        var width = high - low;
        var needed = (int)Math.Ceiling(Math.Round(newest.Images * Math.Pow(width / wantedWidth, 2), 6));
        var more = Math.Max(0, needed - newest.Images);
        return new LabelsNeeded(wantedWidth, width, newest.Images, more, more == 0
            ? Text($"{newest.Images} images give an interval of {width * 100:0.0} points, which is narrow enough.")
            : Text($"{newest.Images} images give an interval of {width * 100:0.0} points; about {more} more labelled frames make it {wantedWidth * 100:0.0}."));
    }

    static bool FallsInARow(List<HoldoutPoint> weekly) => weekly.Count > Drops
        && Enumerable.Range(1, Drops).All(back => weekly[^back].MeanAveragePrecision < weekly[^(back + 1)].MeanAveragePrecision);

    /// <summary>The newest point of each week, so that runs by hand do not make weeks of their own.</summary>
    static List<HoldoutPoint> Weekly(IReadOnlyList<HoldoutPoint> points, TimeZoneInfo zone) => [.. points.GroupBy(point =>
    {
        var local = TimeZoneInfo.ConvertTime(point.At, zone).DateTime;
        return (ISOWeek.GetYear(local), ISOWeek.GetWeekOfYear(local));
    }).Select(week => week.MaxBy(point => point.At)!)];

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
