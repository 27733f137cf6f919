using System.Globalization;

namespace RetrainLoop.Web.Pages.Replay;

/// <summary>Replays and their periods in words.</summary>
static class ReplayWords
{
    public static string Of(ReplayState state) => state switch
    {
        ReplayState.Queued => "Waits its turn",
        ReplayState.Succeeded => "Done",
        _ => state.ToString(),
    };

    public static string Look(ReplayState state) => state switch
    {
        ReplayState.Succeeded => "state-good",
        ReplayState.Running => "state-busy",
        ReplayState.Failed => "state-bad",
        _ => "state-idle",
    };

    /// <summary>Why an ended replay shows no report, and what to do about it.</summary>
    /// <param name="monitorAnswers">False = whether there is one is not known.</param>
    public static (string Title, string Text) Missing(ReplayInfo replay, bool monitorAnswers) => (replay.State, monitorAnswers) switch
    {
        (_, false) => ($"Monitor does not answer, so the report of {replay.Name} cannot be shown", "Reports live there. This page asks again every two seconds."),
        (ReplayState.Failed, _) => ($"{replay.Name} failed before there was anything to report",
            $"{replay.Error ?? "Inference gave no reason."} Upload the archive again when that is put right."),
        (ReplayState.Cancelled, _) => ($"{replay.Name} was stopped before there was anything to report", "Upload the archive again to see what would have been measured."),
        _ => ($"There is no report of {replay.Name}", "Its frames went through, but Monitor has nothing of them: the report was deleted, or none of its frames could be read. Upload the archive again."),
    };

    /// <summary>A day by its date in the deployment's zone, a shorter period by its hours.</summary>
    public static string Of(ReplayPeriod period, TimeZoneInfo zone)
    {
        var from = TimeZoneInfo.ConvertTime(period.From, zone);
        return period.To - period.From > TimeSpan.FromHours(2)
            ? from.ToString("ddd d MMM", CultureInfo.InvariantCulture)
            : from.ToString("d MMM HH:mm", CultureInfo.InvariantCulture);
    }

    /// <summary>From the first to the last day, in the deployment's zone.</summary>
    public static string Span(DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone)
    {
        var (first, last) = (TimeZoneInfo.ConvertTime(from, zone), TimeZoneInfo.ConvertTime(to, zone));
        return first.Date == last.Date
            ? string.Create(CultureInfo.InvariantCulture, $"{first:d MMM yyyy HH:mm} – {last:HH:mm}")
            : string.Create(CultureInfo.InvariantCulture, $"{first:d MMM} – {last:d MMM yyyy}");
    }

    /// <summary>The zone that cuts the days; UTC where this machine does not know it.</summary>
    public static TimeZoneInfo ZoneOf(DeploymentInfo deployment) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(deployment.Zone, out var zone) ? zone : TimeZoneInfo.Utc;
}
