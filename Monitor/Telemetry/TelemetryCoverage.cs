using Dapper;
using Npgsql;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>One boot of a replica: every second in [CoveredFrom, Watermark) is folded; a batch last arrived at ReceivedAt.</summary>
public sealed record BootCoverage(DateTime CoveredFrom, DateTime Watermark, DateTime ReceivedAt);

/// <summary>What is known about the completeness of telemetry.</summary>
public sealed record TelemetryCoverage(IReadOnlyList<BootCoverage> Boots)
{
    /// <summary>The newest watermark; null when nothing was ever received.</summary>
    public DateTimeOffset? Newest => Boots.Count == 0 ? null : Boots.Max(boot => boot.Watermark);

    /// <summary>The first covered instant; null when nothing was ever received.</summary>
    public DateTimeOffset? Oldest => Boots.Count == 0 ? null : Boots.Min(boot => boot.CoveredFrom);

    /// <summary>
    /// Everything before this instant is complete: the least watermark of the replicas heard of within the grace time (one that replays a
    /// backlog holds minutes open), or, when none was, the grace time ago. Never in the future.
    /// </summary>
    public DateTimeOffset ClosedUntil(DateTimeOffset now, TimeSpan grace)
    {
        var live = Boots.Where(boot => boot.ReceivedAt >= now - grace).ToList();
        if (live.Count == 0) return now - grace;
        DateTimeOffset least = live.Min(boot => boot.Watermark);
        return least < now ? least : now;
    }

    /// <summary>Whether any replica covered a part of [from, to): without that, silence says nothing about traffic.</summary>
    public bool IsAlive(DateTimeOffset from, DateTimeOffset to) => Boots.Any(boot => boot.CoveredFrom < to && boot.Watermark > from);

    public static async Task<TelemetryCoverage> ReadAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var boots = await connection.QueryAsync<BootCoverage>(new CommandDefinition(
            "select covered_from as CoveredFrom, watermark as Watermark, received_at as ReceivedAt from telemetry_replicas",
            cancellationToken: cancellationToken));
        return new TelemetryCoverage(boots.AsList());
    }
}
