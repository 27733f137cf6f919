namespace RetrainLoop.Web.Stack;

/// <summary>Where Monitor tells of alerts, and what came of it.</summary>
public sealed class ChannelsClient(HttpClient http) : StackClient(http, "monitor")
{
    public Task<IReadOnlyList<NotificationChannelInfo>> ChannelsAsync(CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<NotificationChannelInfo>>("/v1/notification-channels", cancellationToken);

    public Task<NotificationChannelInfo> AddAsync(NotificationChannelRequest request, string actor, CancellationToken cancellationToken) =>
        SendAsync<NotificationChannelInfo>(HttpMethod.Post, "/v1/notification-channels", request, cancellationToken, actor);

    public Task<NotificationChannelInfo> ChangeAsync(Guid id, NotificationChannelRequest request, string actor, CancellationToken cancellationToken) =>
        SendAsync<NotificationChannelInfo>(HttpMethod.Put, $"/v1/notification-channels/{id}", request, cancellationToken, actor);

    public Task DeleteAsync(Guid id, string actor, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Delete, $"/v1/notification-channels/{id}", null, cancellationToken, actor);

    /// <summary>Sends a test notification.</summary>
    public Task TestAsync(Guid id, string actor, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"/v1/notification-channels/{id}/test", null, cancellationToken, actor);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<DeliveryInfo>> DeliveriesAsync(Guid? channel, int limit, CancellationToken cancellationToken) =>
        GetAsync<IReadOnlyList<DeliveryInfo>>($"/v1/deliveries?limit={limit}" + (channel is null ? "" : $"&channel={channel}"), cancellationToken);
}
