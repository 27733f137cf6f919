using MimeKit;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <summary>Whether a channel can be told anything. Pure.</summary>
public static class ChannelCheck
{
    /// <summary>What is wrong with it, in a sentence; null when nothing is.</summary>
    public static string? Refusal(NotificationChannelRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Name)) return "A channel needs a name.";
        if (request.Kind == ChannelKind.Email)
            return InternetAddressList.TryParse(request.Target, out var addresses) && addresses.Count > 0 && addresses.Mailboxes.All(mailbox => mailbox.Address.Contains('@'))
                ? null
                : "The target of an e-mail channel is one or more addresses, separated by commas.";
        return Uri.TryCreate(request.Target, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https") && address.UserInfo.Length == 0
            ? null
            : "The target of a webhook is an http or https address without a user name.";
    }
}
