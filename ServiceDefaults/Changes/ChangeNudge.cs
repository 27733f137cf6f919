using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace RetrainLoop.ServiceDefaults.Changes;

/// <summary>
/// Tells readers over Redis that the feed grew, so that nothing waits for a poll. A lost nudge only costs the poll interval, so sending never fails.
/// </summary>
public sealed class ChangeNudge(IHostEnvironment environment, IConnectionMultiplexer? redis = null)
{
    public static readonly RedisChannel Channel = RedisChannel.Literal("retrainloop:changes");

    /// <summary>Call after the commit. Returns at once.</summary>
    public void Changed()
    {
        if (redis is not { IsConnected: true }) return;
        redis.GetSubscriber().Publish(Channel, environment.ApplicationName.ToLowerInvariant(), CommandFlags.FireAndForget);
    }
}
