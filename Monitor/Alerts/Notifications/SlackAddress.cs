using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <summary>Who knows the address of a Slack webhook may post to it: it is kept like a secret, and shown as its host.</summary>
static class SlackAddress
{
    const string Hidden = "/\u2026";

    /// <summary><c>https://host/…</c></summary>
    public static string Shown(string address) => IsShown(address) || !Uri.TryCreate(address, UriKind.Absolute, out var url) ? address : $"{url.Scheme}://{url.Authority}{Hidden}";

    public static bool IsShown(string address) => address.EndsWith(Hidden, StringComparison.Ordinal);

    /// <summary>Where a channel's messages go.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It was hidden with another key.</exception>
    public static string Of(NotificationChannel channel, ChannelSecrets secrets) =>
        channel.Info.Kind == ChannelKind.Slack && IsShown(channel.Info.Target) && channel.ProtectedSecret is { } hidden ? secrets.Reveal(hidden) : channel.Info.Target;

    /// <summary>As callers see it.</summary>
    public static NotificationChannelInfo Shown(NotificationChannelInfo channel) =>
        channel.Kind == ChannelKind.Slack ? channel with { Target = Shown(channel.Target), HasSecret = false } : channel;
}
