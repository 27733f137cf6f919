using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Alerts.Notifications;

/// <summary>How webhooks are reached: at the address that was allowed, and nowhere else.</summary>
static class WebhookHandler
{
    public static SocketsHttpHandler Create(bool allowPrivate)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // a redirect would name another target than the one that was allowed
            UseProxy = false, // a proxy would connect in our place, unchecked
            UseCookies = false,
            ActivityHeadersPropagator = null, // no trace: it would hold the address, which may be a credential
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (!allowPrivate) handler.ConnectCallback = PublicAddress.ConnectOnly([]);
        return handler;
    }
}
