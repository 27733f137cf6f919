using Dapper;
using Npgsql;
using RetrainLoop.Labeling.Datasets;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Labeling.Holdouts;

/// <summary>Which dataset versions a deployment uses now.</summary>
sealed record HoldoutRow
{
    public long? Locked { get; init; }
    public long? PreviousLocked { get; init; }
    public long? Live { get; init; }
    public long? Recent { get; init; }
    public long? Training { get; init; }

    /// <summary>Empty for a deployment that has none yet.</summary>
    public static async Task<HoldoutRow> FindAsync(NpgsqlConnection connection, string deployment, CancellationToken cancellationToken) =>
        await connection.QuerySingleOrDefaultAsync<HoldoutRow>(new CommandDefinition(
            """
            select locked as "Locked", previous_locked as "PreviousLocked", live as "Live", recent as "Recent", training as "Training"
            from holdouts where deployment = @deployment
            """,
            new { deployment }, cancellationToken: cancellationToken)) ?? new HoldoutRow();

    public async Task<HoldoutsInfo> ToInfoAsync(NpgsqlConnection connection, string deployment, CancellationToken cancellationToken)
    {
        async Task<DatasetVersionInfo?> Of(long? id) => id is null ? null : (await DatasetVersion.FindAsync(connection, id, cancellationToken))?.ToInfo();
        return new HoldoutsInfo(deployment, await Of(Locked), await Of(PreviousLocked), await Of(Live), await Of(Recent), await Of(Training));
    }

    /// <summary>Writes the row and publishes it.</summary>
    public async Task<HoldoutsInfo> SaveAsync(
        NpgsqlTransaction transaction, string deployment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into holdouts (deployment, locked, previous_locked, live, recent, training)
            values (@deployment, @Locked, @PreviousLocked, @Live, @Recent, @Training)
            on conflict (deployment) do update set locked = excluded.locked, previous_locked = excluded.previous_locked, live = excluded.live,
                recent = excluded.recent, training = excluded.training
            """,
            new { deployment, Locked, PreviousLocked, Live, Recent, Training }, transaction, cancellationToken: cancellationToken));
        var info = await ToInfoAsync(transaction.Connection!, deployment, cancellationToken);
        await ChangeFeed.AppendAsync(transaction.Connection!, transaction, ChangeKinds.HoldoutsChanged, deployment, info, now, cancellationToken);
        return info;
    }
}
