using System.Globalization;
using Dapper;
using Npgsql;
using RetrainLoop.Monitor.Hosting;

namespace RetrainLoop.Monitor.Series;

/// <summary>Creates partitions before rows need them, and drops those whose time is over.</summary>
static class SeriesPartitions
{
    /// <summary>
    /// Creates the partitions that are missing, in the caller's transaction. Attaching, other than creating in place, leaves readers alone.
    /// </summary>
    public static async Task CreateAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IEnumerable<(SeriesTable Table, long Partition)> wanted, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(@key)", new { key = AdvisoryLock.Partitions }, transaction, cancellationToken: cancellationToken));
        foreach (var (table, partition) in wanted)
        {
            var name = table.PartitionName(partition);
            if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                    "select to_regclass(@name) is not null", new { name }, transaction, cancellationToken: cancellationToken))) continue;
            await connection.ExecuteAsync(new CommandDefinition(
                $"""
                create table {name} (like {table.Name} including all);
                alter table {table.Name} attach partition {name} for values from ('{Bound(table, partition)}') to ('{Bound(table, partition + 1)}');
                """,
                transaction: transaction, cancellationToken: cancellationToken));
        }
    }

    /// <summary>Drops every partition that ends at or before an instant, in Unix seconds. Waits two seconds at most for readers: a later round tries again.</summary>
    public static async Task DropAsync(NpgsqlConnection connection, SeriesTable table, long until, CancellationToken cancellationToken)
    {
        var firstKept = table.PartitionName(table.PartitionOf(until));
        var names = await connection.QueryAsync<string>(new CommandDefinition(
            "select inhrelid::regclass::text from pg_inherits where inhparent = @Name::regclass", new { table.Name }, cancellationToken: cancellationToken));
        foreach (var name in names.Where(name => string.CompareOrdinal(name, firstKept) < 0))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(new CommandDefinition(
                $"set local lock_timeout = '2s'; drop table {name}", transaction: transaction, cancellationToken: cancellationToken));
            await transaction.CommitAsync(cancellationToken);
        }
    }

    static string Bound(SeriesTable table, long partition) =>
        DateTimeOffset.FromUnixTimeSeconds(partition * table.PartitionSeconds).ToString("yyyy-MM-dd HH:mm:ss+00", CultureInfo.InvariantCulture);
}
