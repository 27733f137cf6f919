using System.Globalization;
using StackExchange.Redis;

namespace RetrainLoop.ServiceDefaults.Changes;

/// <summary>
/// Tells pages over Redis that series were folded up to an instant, at most once in ten seconds. A lost nudge only costs the poll interval, so
/// sending never fails.
/// </summary>
public sealed class SeriesNudge(IConnectionMultiplexer? redis = null)
{
    /// <summary>A message is the instant in Unix seconds.</summary>
    public static readonly RedisChannel Channel = RedisChannel.Literal("retrainloop:series");

    /// <summary>Call after the commit. Returns at once.</summary>
    public void Folded(DateTimeOffset until)
    {
        if (redis is not { IsConnected: true }) return;
        redis.GetSubscriber().Publish(Channel, until.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), CommandFlags.FireAndForget);
    }
}
