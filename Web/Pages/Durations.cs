using System.Globalization;

namespace RetrainLoop.Web.Pages;

/// <summary>Durations as people say them, with one or two units.</summary>
public static class Durations
{
    public static string Ago(TimeSpan span) => span < TimeSpan.FromSeconds(2) ? "just now" : $"{Text(span)} ago";

    /// <summary>For example <c>8 s</c>, <c>4 min 10 s</c>, <c>2 h 5 min</c>, <c>3 days</c>. Negative spans count as 0.</summary>
    public static string Text(TimeSpan span) => span switch
    {
        { Ticks: < 0 } => "0 s",
        { TotalSeconds: < 60 } => Format($"{Math.Floor(span.TotalSeconds)} s"),
        { TotalMinutes: < 10 } => Format($"{span.Minutes} min") + (span.Seconds == 0 ? "" : Format($" {span.Seconds} s")),
        { TotalMinutes: < 60 } => Format($"{span.Minutes} min"),
        { TotalHours: < 24 } => Format($"{span.Hours} h") + (span.Minutes == 0 ? "" : Format($" {span.Minutes} min")),
        { TotalDays: < 2 } => "1 day",
        _ => Format($"{Math.Floor(span.TotalDays)} days"),
    };

    static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
