using Dapper;
using Npgsql;

namespace RetrainLoop.Monitor.Telemetry;

/// <summary>A closed stretch of time that got telemetry afterwards, because a replica came back with what it had kept.</summary>
/// <param name="Deployment">Null = every one: who was heard changed, not what.</param>
sealed record LateTelemetry(long Id, string? Deployment, DateTime From, DateTime To)
{
    /// <summary>What is late of a replica that was not heard of: from what was known of it to where time was closed without it. Unix seconds.</summary>
    /// <param name="closedBefore">Everything before this was closed already.</param>
    public static (string? Deployment, long From, long To)? OfCoverage(ReportedBoot boot, long closedBefore)
    {
        var (from, to) = (Seconds(boot.Folded), Math.Min(Seconds(boot.Watermark), closedBefore));
        return from < to ? (null, from, to) : null;
    }

    /// <summary>Within the transaction that folds the telemetry.</summary>
    public static async Task KeepAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<(string? Deployment, long From, long To)> late,
        CancellationToken cancellationToken)
    {
        if (late.Count == 0) return;
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into late_telemetry (deployment, from_at, to_at) values (@Deployment, to_timestamp(@From), to_timestamp(@To))",
            late.Select(one => new { one.Deployment, one.From, one.To }), transaction, cancellationToken: cancellationToken));
    }

    public static async Task<List<LateTelemetry>> ListAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<LateTelemetry>(new CommandDefinition(
            """
            select id as Id, deployment as Deployment, from_at as "From", to_at as "To" from late_telemetry
            """, transaction: transaction, cancellationToken: cancellationToken))).AsList();

    public static Task ForgetAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<LateTelemetry> late, CancellationToken cancellationToken) =>
        late.Count == 0 ? Task.CompletedTask : connection.ExecuteAsync(new CommandDefinition(
            "delete from late_telemetry where id = any(@ids)", new { ids = late.Select(one => one.Id).ToArray() }, transaction, cancellationToken: cancellationToken));

    static long Seconds(DateTime at) => new DateTimeOffset(at, TimeSpan.Zero).ToUnixTimeSeconds();
}
