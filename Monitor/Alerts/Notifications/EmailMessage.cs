using MimeKit;

namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <summary>A notification as an e-mail. Pure.</summary>
public static class EmailMessage
{
    /// <param name="id">Becomes the Message-Id, so that a second attempt is known as the same message.</param>
    public static MimeMessage Of(Guid id, Notification notification, AlertLinks links, string from, string recipients)
    {
        var sender = MailboxAddress.Parse(from);
        var message = new MimeMessage
        {
            Subject = NotificationText.Subject(notification),
            Date = notification.At,
            MessageId = $"{id:N}@{sender.Domain}",
            Body = new TextPart("plain") { Text = NotificationText.Body(notification, links) },
        };
        message.From.Add(sender);
        message.To.AddRange(InternetAddressList.Parse(recipients));
        if (notification.Firing.Any(alert => alert.Severity == Contracts.AlertSeverity.Critical)) message.Importance = MessageImportance.High;
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }
}
