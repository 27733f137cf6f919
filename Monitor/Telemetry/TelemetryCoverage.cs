using Dapper;
using Npgsql;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>One boot of a replica: every second in [CoveredFrom, Watermark) is folded; a batch last arrived at ReceivedAt.</summary>
public sealed record BootCoverage(DateTime CoveredFrom, DateTime Watermark, DateTime ReceivedAt, string Replica = "");

/// <summary>What is known about the completeness of telemetry.</summary>
/// <param name="OldestWaiting">The first second that is acknowledged but not folded; null when none waits.</param>
public sealed record TelemetryCoverage(IReadOnlyList<BootCoverage> Boots, DateTimeOffset? OldestWaiting = null)
{
    /// <summary>A replica that replays a backlog holds time open for the rest, but no further back than this.</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromHours(1);

    /// <summary>The newest watermark; null when nothing was ever received.</summary>
    public DateTimeOffset? Newest => Boots.Count == 0 ? null : Boots.Max(boot => boot.Watermark);

    /// <summary>The first covered instant; null when nothing was ever received.</summary>
    public DateTimeOffset? Oldest => Boots.Count == 0 ? null : Boots.Min(boot => boot.CoveredFrom);

    /// <summary>
    /// Everything before this instant is complete: the least watermark of the replicas heard of within the grace time (one that replays a
    /// backlog holds minutes open), or, when none was, the grace time ago. Never in the future, never beyond what waits for folding.
    /// </summary>
    /// <param name="longestHold">How far back a replica that replays may hold time open; default <see cref="LongestHold"/>.</param>
    public DateTimeOffset ClosedUntil(DateTimeOffset now, TimeSpan grace, TimeSpan? longestHold = null)
    {
        var live = Boots.Where(boot => boot.ReceivedAt >= now - grace && boot.Watermark >= now - (longestHold ?? LongestHold)).ToList();
        var least = live.Count == 0 ? now - grace : live.Min(boot => boot.Watermark);
        return new[] { least, now, OldestWaiting ?? now }.Min();
    }

    /// <summary>Whether any replica covered a part of [from, to): without that, silence says nothing about traffic.</summary>
    public bool IsAlive(DateTimeOffset from, DateTimeOffset to) => Boots.Any(boot => boot.CoveredFrom < to && boot.Watermark > from);

    /// <summary>How much of [from, to) lies between the first and the newest covered instant.</summary>
    public TimeSpan Covered(DateTimeOffset from, DateTimeOffset to)
    {
        if (Oldest is not { } oldest || Newest is not { } newest) return TimeSpan.Zero;
        var length = (newest < to ? newest : to) - (oldest > from ? oldest : from);
        return length > TimeSpan.Zero ? length : TimeSpan.Zero;
    }

    /// <summary>What is folded.</summary>
    public static async Task<TelemetryCoverage> ReadAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var boots = await connection.QueryAsync<BootCoverage>(new CommandDefinition(
            "select covered_from as CoveredFrom, watermark as Watermark, received_at as ReceivedAt, replica as Replica from telemetry_replicas",
            cancellationToken: cancellationToken));
        var waiting = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
            "select min(greatest(first_second, folded_until)) from telemetry_batches where body is not null", cancellationToken: cancellationToken));
        return new TelemetryCoverage(boots.AsList(), waiting is { } second ? DateTimeOffset.FromUnixTimeSeconds(second) : null);
    }
}
