using System.Globalization;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>What a live-holdout curve of one model says. Pure; points are oldest first.</summary>
public static class HoldoutTrend
{
    /// <summary>Drops in a row that make a downtrend unless a rule says otherwise.</summary>
    public const int UsualWeeks = 3;

    /// <summary>The points between which the trend is judged, so many weeks apart; null when one of the newest weeks has no point.</summary>
    /// <param name="zone">The deployment's, whose weeks count.</param>
    public static (HoldoutPoint First, HoldoutPoint Last)? Ends(IReadOnlyList<HoldoutPoint> points, TimeZoneInfo zone, int weeks = UsualWeeks)
    {
        var run = InARow(points, zone, weeks);
        return run.Count == 0 ? null : (run[0], run[^1]);
    }

    /// <summary>The point that stands for the time of the lock: the newest one of the baseline's model until then, else its first one after.</summary>
    public static HoldoutPoint? AtLock(IReadOnlyList<HoldoutPoint> points, BaselineInfo baseline)
    {
        var own = points.Where(point => point.Model == baseline.Model).ToList();
        return own.LastOrDefault(point => point.At <= baseline.LockedAt) ?? own.FirstOrDefault();
    }

    /// <param name="atLock">The point from the time of the lock.</param>
    /// <param name="sinceLock">The change from there to the newest point; null when that is the newest.</param>
    /// <param name="trend">The change between <see cref="Ends"/>.</param>
    /// <param name="drop">As a fraction; 0.01 is one point.</param>
    public static HoldoutVerdict Judge(
        IReadOnlyList<HoldoutPoint> points, TimeZoneInfo zone, HoldoutPoint? atLock, HoldoutChange? sinceLock, HoldoutChange? trend, double drop,
        int weeks = UsualWeeks)
    {
        var dropped = sinceLock?.Difference < -drop;
        var downtrend = trend is { ExcludesNoise: true, Difference: < 0 } && Falls(InARow(points, zone, weeks));
        var summary = Since(points, atLock, sinceLock, dropped, drop);
        if (downtrend) summary += Text($" {weeks} weeks of falling mAP, {trend!.Difference * 100:+0.0;-0.0} points together, more than noise.");
        return new HoldoutVerdict(dropped, sinceLock, downtrend, trend, summary) { AtLock = atLock?.MeanAveragePrecision, Drop = drop, Weeks = weeks };
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

    static string Since(IReadOnlyList<HoldoutPoint> points, HoldoutPoint? atLock, HoldoutChange? sinceLock, bool dropped, double drop)
    {
        if (points.Count == 0) return "The live holdout was never scored.";
        if (atLock is null) return "There is no value from the time of the baseline's lock to compare with.";
        if (sinceLock is not { } change) return "This is the value at the baseline's lock; none is newer.";
        return Text($"{change.Difference * 100:+0.0;-0.0;0.0} points since the baseline's lock")
            + (change is { Low: { } low, High: { } high } ? Text($" [{low * 100:+0.0;-0.0;0.0}, {high * 100:+0.0;-0.0;0.0}]") : "")
            + (!dropped ? Text($"; a drop is more than {drop * 100:0.##}.")
                : change.ExcludesNoise ? "; the interval excludes noise." : "; the interval does not exclude noise.");
    }

    static bool Falls(List<HoldoutPoint> run) =>
        run.Count > 0 && run.Zip(run.Skip(1)).All(pair => pair.Second.MeanAveragePrecision < pair.First.MeanAveragePrecision);

    /// <summary>
    /// The newest point of each of the newest weeks, one week more than there are changes, so that runs by hand do not make weeks of their own. Empty when
    /// a week among them has none: a change over a month is no week's.
    /// </summary>
    static List<HoldoutPoint> InARow(IReadOnlyList<HoldoutPoint> points, TimeZoneInfo zone, int weeks)
    {
        var newest = points.GroupBy(point => MondayOf(point, zone)).TakeLast(weeks + 1).ToList();
        return newest.Count > weeks && newest[^1].Key.DayNumber - newest[0].Key.DayNumber == 7 * weeks
            ? [.. newest.Select(week => week.MaxBy(point => point.At)!)]
            : [];
    }

    static DateOnly MondayOf(HoldoutPoint point, TimeZoneInfo zone)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(point.At, zone).DateTime);
        return day.AddDays(-(((int)day.DayOfWeek + 6) % 7));
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
