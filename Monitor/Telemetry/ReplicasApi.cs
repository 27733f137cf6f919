using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Contracts;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Monitor.Telemetry;

static class ReplicasApi
{
    /// <summary>One that is gone for longer was replaced rather than lost.</summary>
    static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    sealed record Row(string Replica, Guid BootId, DateTime ReceivedAt, DateTime Reported, DateTime Folded, TimeSpan ClockSkew)
    {
        public TelemetryReplica ToReplica(TelemetryOptions options, DateTimeOffset now) => new(
            Replica, BootId, ReceivedAt, ReceivedAt < now - options.Grace, Reported, Math.Max(0, (now - Reported).TotalSeconds),
            Math.Max(0, (ReceivedAt - Folded).TotalSeconds), ClockSkew.TotalSeconds, ClockSkew.Duration() > options.ClockTolerance);
    }

    /// <summary>Maps <c>/v1/telemetry/replicas</c>.</summary>
    public static void MapReplicasApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/telemetry/replicas", ListAsync).RequireAuthorization(Access.View).WithTags("Telemetry")
            .WithSummary("The replicas of the last day by name, with their last report, how far they lag and how far their clocks are off.");

    static async Task<Ok<List<TelemetryReplica>>> ListAsync(
        NpgsqlDataSource database, IOptions<TelemetryOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            select distinct on (replica) replica as Replica, boot_id as BootId, received_at as ReceivedAt, received_watermark as Reported,
                watermark as Folded, clock_skew as ClockSkew
            from telemetry_replicas where received_at >= @since order by replica, received_at desc
            """, new { since = now - Remembered }, cancellationToken: cancellationToken));
        return TypedResults.Ok(rows.Select(row => row.ToReplica(options.Value, now)).ToList());
    }
}
