using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace RetrainLoop.Tests.Browser.Fakes;

/// <summary>Notification channels and their delivery log.</summary>
public sealed class FakeChannels(FakeLine line)
{
    static readonly Guid Webhook = Guid.NewGuid();
    readonly List<NotificationChannelInfo> channels =
    [
        new(Webhook, "On-call webhook", ChannelKind.Webhook, "https://hooks.example.com/retrainloop", true, AlertSeverity.Warning, null, true, true),
        new(Guid.NewGuid(), "Line 1 chat", ChannelKind.Slack, "https://chat.example.com/services/T0/B0/x", false, AlertSeverity.Critical, FakeLine.Name, true, true),
    ];

    public IReadOnlyList<NotificationChannelInfo> All => channels;

    /// <summary>Secrets that came with a request, by the channel's name.</summary>
    public Dictionary<string, string?> Secrets { get; } = [];
    public List<string> Tested { get; } = [];

    internal void Map(WebApplication app)
    {
        app.MapGet("/v1/notification-channels", () => channels);
        app.MapPost("/v1/notification-channels", (NotificationChannelRequest request) =>
        {
            channels.Add(Of(Guid.NewGuid(), request, false));
            return Results.Created((string?)null, channels[^1]);
        });
        app.MapPut("/v1/notification-channels/{id:guid}", (Guid id, NotificationChannelRequest request) =>
        {
            var at = channels.FindIndex(channel => channel.Id == id);
            return channels[at] = Of(id, request, channels[at].HasSecret);
        });
        app.MapDelete("/v1/notification-channels/{id:guid}", (Guid id) => { channels.RemoveAll(channel => channel.Id == id); });
        app.MapPost("/v1/notification-channels/{id:guid}/test", (Guid id) =>
        {
            Tested.Add(channels.Find(channel => channel.Id == id)!.Name);
            return Results.Accepted();
        });
        app.MapGet("/v1/deliveries", () => new[]
        {
            Delivery("p95 latency over budget is firing on line", DeliveryState.Delivered, 1, "200 OK", -5, firing: 1),
            Delivery("Error rate over 1 % is firing on packing", DeliveryState.Waiting, 3, "503 Service Unavailable", -2, firing: 1),
            Delivery("Detections per minute dropped resolved on line", DeliveryState.Failed, 12, "No such host is known (hooks.example.com)", -1380),
        });
    }

    public static DeliveryInfo Delivered(FakeLine line, AlertInfo alert) => new(
        Guid.NewGuid(), Webhook, "On-call webhook", ChannelKind.Webhook, alert.Deployment, [alert.Id], 1, 0, false, alert.Test, $"{alert.RuleName} is firing on {alert.Deployment}",
        DeliveryState.Delivered, 1, "200 OK", line.Now.AddMinutes(-5), null, line.Now.AddMinutes(-5).AddSeconds(1));

    NotificationChannelInfo Of(Guid id, NotificationChannelRequest request, bool hadSecret)
    {
        Secrets[request.Name] = request.Secret;
        return new NotificationChannelInfo(
            id, request.Name, request.Kind, request.Target, request.Secret is null ? hadSecret : request.Secret.Length > 0, request.MinimumSeverity, request.Deployment, request.SendResolved, request.Enabled);
    }

    DeliveryInfo Delivery(string subject, DeliveryState state, int attempts, string answer, int minutes, int firing = 0) => new(
        Guid.NewGuid(), Webhook, "On-call webhook", ChannelKind.Webhook, FakeLine.Name, [FakeAlerts.LatencyAlert], firing, firing == 0 ? 1 : 0, false, false, subject, state, attempts, answer,
        line.Now.AddMinutes(minutes), state == DeliveryState.Waiting ? line.Now.AddSeconds(40) : null, state == DeliveryState.Delivered ? line.Now.AddMinutes(minutes) : null);
}
