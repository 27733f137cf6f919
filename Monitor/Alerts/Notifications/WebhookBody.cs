using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <summary>The JSON that webhooks get, and its signature. Pure.</summary>
public static class WebhookBody
{
    public const string TimestampHeader = "X-RetrainLoop-Timestamp", SignatureHeader = "X-RetrainLoop-Signature", KeyHeader = "Idempotency-Key";

    /// <summary>An alert with its addresses.</summary>
    sealed record WebhookAlert(AlertInfo Alert, string? Url, string? RunbookUrl);

    /// <param name="Status"><c>firing</c> while any alert fires, else <c>resolved</c>.</param>
    sealed record Webhook(
        Guid Id, string Status, string Deployment, bool Test, bool Repeat, DateTimeOffset At, string Subject, string Text, IReadOnlyList<WebhookAlert> Alerts);

    /// <param name="id">The same in every attempt; also in the header <c>Idempotency-Key</c>.</param>
    public static byte[] Generic(Guid id, Notification notification, AlertLinks links) => JsonSerializer.SerializeToUtf8Bytes(
        new Webhook(id, notification.Firing.Count > 0 ? "firing" : "resolved", notification.Deployment, notification.Test, notification.Repeat, notification.At,
            NotificationText.Subject(notification), NotificationText.Body(notification, links),
            [.. notification.Alerts.Select(alert => new WebhookAlert(alert, alert.Id == Guid.Empty ? null : links.ToAlert(alert), alert.Runbook.Length == 0 ? null : links.ToRunbook(alert)))]),
        ContractJson.Options);

    /// <summary>Slack's incoming webhook: a text for phones and an attachment in the severity's colour for each alert.</summary>
    public static byte[] Slack(Notification notification, AlertLinks links) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            text = Escape(NotificationText.Subject(notification)),
            attachments = notification.Alerts.Select(alert => new
            {
                color = Colour(alert),
                fallback = Escape(NotificationText.Headline(alert)),
                title = Escape(NotificationText.Headline(alert)),
                title_link = alert.Id == Guid.Empty ? null : links.ToAlert(alert),
                text = Escape(alert.Summary) + (alert.Runbook.Length == 0 ? "" : $"\n<{links.ToRunbook(alert)}|Runbook>"),
                footer = NotificationText.When(alert),
            }),
        }, ContractJson.Options);

    /// <summary>
    /// <c>v1=</c> and the hexadecimal HMAC-SHA256 of <c>timestamp.body</c>. The timestamp (Unix seconds) is signed with it, so that a receiver can
    /// refuse what was recorded and sent again.
    /// </summary>
    public static string Sign(string secret, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes($"{timestamp}."));
        hmac.AppendData(body);
        return $"v1={Convert.ToHexStringLower(hmac.GetHashAndReset())}";
    }

    static string Colour(AlertInfo alert) => alert switch
    {
        { ResolvedAt: not null } => "#2e7d32",
        { Severity: AlertSeverity.Critical } => "#c62828",
        { Severity: AlertSeverity.Warning } => "#f9a825",
        _ => "#1565c0",
    };

    /// <summary>Slack asks for exactly these three.</summary>
    static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
