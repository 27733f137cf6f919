using Npgsql;
using RetrainLoop.Labeling.Datasets;
using RetrainLoop.ServiceDefaults.Changes;

namespace RetrainLoop.Labeling.Holdouts;

/// <summary>Makes an existing dataset version a deployment's locked holdout or its training set.</summary>
sealed class HoldoutAssignment(NpgsqlDataSource database, TimeProvider time, ChangeNudge nudge)
{
    /// <param name="role">LockedHoldout or Training.</param>
    /// <returns>The sets as they are now, or the sentence why not. Assigning the same version again changes nothing.</returns>
    public async Task<(HoldoutsInfo? Info, string? Conflict)> AssignAsync(
        string deployment, DatasetVersion version, DatasetRole role, CancellationToken cancellationToken)
    {
        if (version.Role != role) return (null, $"{version.Title} cannot be a {role} set. Import it again under another name with role={role}.");
        if (version.Deployment is not null && version.Deployment != deployment) return (null, $"{version.Title} cannot be one of '{deployment}'.");
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await HoldoutLock.TakeAsync(transaction, deployment, cancellationToken);
        var row = await HoldoutRow.FindAsync(connection, deployment, cancellationToken);
        var held = role == DatasetRole.Training ? row.Training : row.Locked;
        if (version.Id == held) return (await row.ToInfoAsync(connection, deployment, cancellationToken), null);
        var images = (await version.ImagesAsync(connection, cancellationToken)).Select(image => image.Sha256).ToList();
        if (await ImageSides.TakeAsync(transaction, deployment, version.Side, images, cancellationToken) is { } conflict) return (null, conflict);
        var next = role == DatasetRole.Training ? row with { Training = version.Id } : row with { Locked = version.Id, PreviousLocked = row.Locked };
        var info = await next.SaveAsync(transaction, deployment, time.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        nudge.Changed();
        return (info, null);
    }
}

static class HoldoutLock
{
    /// <summary>One change of a deployment's sets at a time, until the transaction ends.</summary>
    public static Task TakeAsync(NpgsqlTransaction transaction, string deployment, CancellationToken cancellationToken) =>
        NamedLock.TakeAsync(transaction, $"holdouts {deployment}", cancellationToken);
}
