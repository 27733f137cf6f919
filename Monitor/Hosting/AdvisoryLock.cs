using Dapper;
using Npgsql;

namespace RetrainLoop.Monitor.Hosting;

/// <summary>Lets one of several replicas do a piece of work. The lock ends with the transaction, so a killed process cannot keep it.</summary>
static class AdvisoryLock
{
    public const long Fold = 0x4d4f4e_01, Alerts = 0x4d4f4e_02, Baselines = 0x4d4f4e_03, Retention = 0x4d4f4e_04, AlertWatch = 0x4d4f4e_05;
    public const long Notifications = 0x4d4f4e_06, Partitions = 0x4d4f4e_10, Replays = 0x4d4f4e_40;

    /// <returns>False when another session works on it now.</returns>
    public static Task<bool> TryTakeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long key, CancellationToken cancellationToken) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select pg_try_advisory_xact_lock(@key)", new { key }, transaction, cancellationToken: cancellationToken));

    /// <summary>Waits until no other session works on it.</summary>
    public static Task TakeAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, long key, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition("select pg_advisory_xact_lock(@key)", new { key }, transaction, cancellationToken: cancellationToken));
}
