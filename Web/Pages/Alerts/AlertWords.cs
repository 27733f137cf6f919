using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Alerts;

/// <summary>Alerts in words, figures and state classes of the style sheet.</summary>
static class AlertWords
{
    public static string Of(AlertState state) => state == AlertState.NoData ? "No data" : state.ToString();

    public static string Look(AlertState state) => state switch
    {
        AlertState.Firing => "state-bad",
        AlertState.Pending => "state-warn",
        AlertState.Normal or AlertState.Resolved => "state-good",
        _ => "state-idle",
    };

    /// <summary>Where an alert belongs in a list: what fires first, what is quiet last.</summary>
    public static int Rank(AlertState state) => state switch
    {
        AlertState.Firing => 0,
        AlertState.Error => 1,
        AlertState.NoData => 2,
        AlertState.Pending => 3,
        AlertState.Resolved => 4,
        _ => 5,
    };

    public static string Deployment(string name) => name == AlertInfo.StackWide ? "the stack itself" : name;

    /// <summary>What the rule is narrowed to, for example <c>region munich, class gear</c>; empty = the whole deployment.</summary>
    public static string Labels(IReadOnlyDictionary<string, string> labels) => string.Join(", ", labels.Select(label => $"{label.Key} {label.Value}"));

    /// <summary>A value in the unit of an alert.</summary>
    public static Figure Value(double? value, string unit) => unit switch
    {
        _ when value is null => new Figure(Figure.Absent, ""),
        "fraction" or "share" => Figure.Percent(value),
        "ms" => Figure.Milliseconds(value),
        "requests/s" => Figure.PerSecond(value),
        "detections/min" => Figure.Number(value, "per min"),
        "detections/request" => Figure.Number(value, "per request"),
        _ => Figure.Number(value, unit),
    };

    /// <summary>Unit and factor for an axis: fractions are drawn in percent.</summary>
    public static (string Unit, double Scale) Axis(string unit) => unit switch
    {
        "fraction" or "share" => ("%", 100),
        "requests/s" => ("req/s", 1),
        "detections/min" => ("detections per min", 1),
        "detections/request" => ("detections per request", 1),
        "" => ("value", 1),
        _ => (unit, 1),
    };
}
