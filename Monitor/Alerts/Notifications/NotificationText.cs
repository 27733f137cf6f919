using System.Globalization;
using System.Text;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <summary>What a notification says to a person: what, since when, how bad, and where to go. Pure.</summary>
public static class NotificationText
{
    /// <summary>One line, for example <c>[FIRING: 2] line: p95 latency over budget and 1 more</c>.</summary>
    public static string Subject(Notification notification)
    {
        var firing = notification.Firing.Count > 0;
        var alerts = firing ? notification.Firing : notification.Resolved;
        var worst = alerts.OrderByDescending(alert => alert.Severity).First();
        var more = alerts.Count > 1 ? $" and {alerts.Count - 1} more" : "";
        return $"{(notification.Test ? "[TEST] " : "")}[{(firing ? "FIRING" : "RESOLVED")}{(alerts.Count > 1 ? $": {alerts.Count}" : "")}] "
            + $"{DeploymentName(notification.Deployment)}: {worst.RuleName}{more}{(notification.Repeat ? " (still)" : "")}";
    }

    /// <summary>Plain text, a paragraph for each alert.</summary>
    public static string Body(Notification notification, AlertLinks links)
    {
        var text = new StringBuilder();
        foreach (var alert in notification.Alerts)
        {
            text.Append(Headline(alert)).Append('\n').Append(alert.Summary).Append('\n').Append(When(alert)).Append('\n');
            if (alert.Id != Guid.Empty) text.Append("Alert: ").Append(links.ToAlert(alert)).Append('\n');
            if (alert.Runbook.Length > 0) text.Append("Runbook: ").Append(links.ToRunbook(alert)).Append('\n');
            text.Append('\n');
        }
        return text.ToString();
    }

    public static string Headline(AlertInfo alert) =>
        $"{(alert.Test ? "TEST, " : "")}{(alert.ResolvedAt is null ? alert.Severity.ToString().ToUpperInvariant() : "RESOLVED")}: {alert.RuleName} on {DeploymentName(alert.Deployment)}{Labels(alert)}";

    public static string When(AlertInfo alert) => (alert.ResolvedAt is { } resolved
        ? $"Fired {Utc(alert.FiredAt ?? alert.Since)}, resolved {Utc(resolved)}."
        : $"Firing since {Utc(alert.FiredAt ?? alert.Since)}.")
        + (alert.FoundLateAt is { } found ? $" Found late, {Utc(found)}, from telemetry that came afterwards." : "");

    static string DeploymentName(string deployment) => deployment == AlertInfo.StackWide ? "RetrainLoop" : deployment;

    static string Labels(AlertInfo alert) => alert.Labels.Count == 0 ? "" : $" ({string.Join(", ", alert.Labels.Select(label => $"{label.Key} {label.Value}"))})";

    static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}

/// <summary>Addresses of Web's pages.</summary>
/// <param name="web">Where people reach Web.</param>
public sealed class AlertLinks(string web)
{
    static readonly TimeSpan Before = TimeSpan.FromMinutes(30);
    readonly string web = web.TrimEnd('/');

    public string ToAlert(AlertInfo alert) => $"{web}/alerts/{alert.Id}";

    /// <summary>The page with links that carry the deployment and the time from half an hour before the alert fired.</summary>
    public string ToRunbook(AlertInfo alert) =>
        $"{web}/alerts/runbooks/{alert.Runbook}?deployment={Uri.EscapeDataString(alert.Deployment)}&from={Iso((alert.FiredAt ?? alert.Since) - Before)}"
        + (alert.ResolvedAt is { } resolved ? $"&to={Iso(resolved + Before)}" : "");

    static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
