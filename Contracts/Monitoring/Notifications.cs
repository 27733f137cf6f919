namespace RetrainLoop.Contracts;

/// <summary>Webhook = signed JSON; Slack = the JSON of Slack's incoming webhooks, which Mattermost, Rocket.Chat and others take too.</summary>
public enum ChannelKind { Webhook, Slack, Email }

/// <summary>Where alerts are told.</summary>
/// <param name="Target">
/// The webhook's address, or e-mail addresses separated by commas. Of a Slack webhook only <c>https://host/…</c> is answered; sent back, that keeps the present one.
/// </param>
/// <param name="HasSecret">The secret itself is never shown again.</param>
/// <param name="Deployment">Only this deployment's alerts; null = all.</param>
/// <param name="SendResolved">Whether it is told when an alert resolves.</param>
public sealed record NotificationChannelInfo(
    Guid Id, string Name, ChannelKind Kind, string Target, bool HasSecret, AlertSeverity MinimumSeverity, string? Deployment, bool SendResolved, bool Enabled);

/// <summary>Adds or changes a channel.</summary>
/// <param name="Secret">Signs webhooks (HMAC-SHA256). Null keeps the present one, empty removes it.</param>
public sealed record NotificationChannelRequest(
    string Name, ChannelKind Kind, string Target, string? Secret = null, AlertSeverity MinimumSeverity = AlertSeverity.Info, string? Deployment = null,
    bool SendResolved = true, bool Enabled = true);

/// <summary>Waiting = to be sent, or to be tried again; Failed = given up.</summary>
public enum DeliveryState { Waiting, Delivered, Failed }

/// <summary>One notification to one channel. Every attempt carries the same idempotency key: its id.</summary>
/// <param name="Alerts">The alerts it told of.</param>
/// <param name="Firing">How many of them were firing.</param>
/// <param name="Repeat">Nothing was new: it reminds.</param>
/// <param name="Answer">What the receiver said last, or why it could not be reached.</param>
public sealed record DeliveryInfo(
    Guid Id, Guid Channel, string ChannelName, ChannelKind Kind, string Deployment, IReadOnlyList<Guid> Alerts, int Firing, int Resolved, bool Repeat, bool Test,
    string Subject, DeliveryState State, int Attempts, string? Answer, DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt, DateTimeOffset? DeliveredAt);
