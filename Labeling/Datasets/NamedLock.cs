using Dapper;
using Npgsql;

namespace RetrainLoop.Labeling.Datasets;

static class NamedLock
{
    /// <summary>Lets one transaction at a time go on under a name, until it ends.</summary>
    public static Task TakeAsync(NpgsqlTransaction transaction, string name, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            "select pg_advisory_xact_lock(hashtextextended(@name, 0))", new { name }, transaction, cancellationToken: cancellationToken));
}
