using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Holdout;

/// <summary>What the holdout page's charts and tables show of a history. Pure.</summary>
public static class HoldoutCharts
{
    public const string Live = "live-holdout", Locked = "locked-holdout";
    static readonly string[] Colors = ["accent", "second", "third", "bad", "good", "ink-muted"];

    /// <summary>Both curves with their intervals.</summary>
    public static IntervalSpec Curves(HoldoutHistory history, DateTimeOffset from, DateTimeOffset to) => Spec(
        history, from, to,
        [.. history.Curves.OrderBy(curve => curve.Purpose == Live ? 0 : 1).Select(curve => new IntervalCurve(
            Title(curve.Purpose), curve.Purpose == Live ? "accent" : "second", curve.Purpose != Live,
            [.. curve.Points.Select(point => new IntervalPoint(Milliseconds(point.At), point.MeanAveragePrecision, point.Low, point.High, $"{point.Model}, {point.Images} frames"))]))]);

    /// <summary>One curve per class of the live holdout.</summary>
    public static IntervalSpec ByClass(HoldoutHistory history, IReadOnlyList<string> classes, DateTimeOffset from, DateTimeOffset to) => Spec(
        history, from, to,
        [.. classes.Select((name, index) => new IntervalCurve(name, Colors[index % Colors.Length], index >= Colors.Length,
            [.. Points(history, Live).Select(point => (point, Ap: point.PerCategory.FirstOrDefault(one => one.Name == name)?.Ap)).Where(one => one.Ap is >= 0)
                .Select(one => new IntervalPoint(Milliseconds(one.point.At), one.Ap!.Value, null, null, $"{one.point.Model}, {one.point.Images} frames"))]))]);

    /// <summary>The end of the hour that is under way.</summary>
    public static DateTimeOffset EndOfHour(DateTimeOffset now) => DateTimeOffset.FromUnixTimeSeconds((now.ToUnixTimeSeconds() / 3600 + 1) * 3600);

    /// <summary>The points of one holdout, oldest first.</summary>
    public static IReadOnlyList<HoldoutPoint> Points(HoldoutHistory history, string purpose) =>
        history.Curves.FirstOrDefault(curve => curve.Purpose == purpose)?.Points ?? [];

    public static string Title(string purpose) => purpose switch
    {
        Live => "Live holdout",
        Locked => "Locked holdout",
        _ => purpose,
    };

    static IntervalSpec Spec(HoldoutHistory history, DateTimeOffset from, DateTimeOffset to, IReadOnlyList<IntervalCurve> curves) => new(
        "mAP@0.5:0.95", Milliseconds(from), Milliseconds(to), curves,
        [.. history.Markers.Where(marker => marker.At >= from).Select(marker => new ChartMarker(Milliseconds(marker.At), marker.Kind, marker.Text))]);

    static double Milliseconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds();
}
