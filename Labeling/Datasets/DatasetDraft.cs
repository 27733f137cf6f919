using Dapper;
using Npgsql;
using RetrainLoop.Labeling.Deployments;

namespace RetrainLoop.Labeling.Datasets;

/// <summary>A version that was made, or found because it has the same content, or the sentence why it cannot be.</summary>
public sealed record DatasetCreation(DatasetVersion? Version, bool Created, string? Conflict);

/// <summary>A dataset version about to be made.</summary>
/// <param name="NewLabels">Label sets that the database may not have yet.</param>
public sealed record DatasetDraft(
    string Name, DatasetRole Role, string? Deployment, IReadOnlyList<string> ClassNames, IReadOnlyList<DatasetImage> Images,
    IReadOnlyCollection<LabelSet> NewLabels, long? Parent = null, string? LoopRun = null)
{
    /// <summary>
    /// Writes the version in the caller's transaction, which must be rolled back on a conflict. The same content under the same name is the version
    /// that has it already. The pictures of a deployment's dataset take their side for good.
    /// </summary>
    public async Task<DatasetCreation> CreateAsync(NpgsqlTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        await NamedLock.TakeAsync(transaction, $"dataset {Name}", cancellationToken);
        var contentHash = ContentHash.Of(ClassNames, Images);
        if (await DatasetVersion.FindByContentAsync(connection, Name, contentHash, cancellationToken) is { } same)
            return same.Role == Role && same.Deployment == Deployment
                ? new DatasetCreation(same, false, null)
                : new DatasetCreation(null, false, $"{same.Title} has the same content. Give this one another name.");
        if (await TakeSideAsync(transaction, cancellationToken) is { } conflict) return new DatasetCreation(null, false, conflict);
        var id = await InsertVersionAsync(transaction, contentHash, now, cancellationToken);
        await InsertLabelsAsync(transaction, cancellationToken);
        await InsertImagesAsync(transaction, id, cancellationToken);
        return new DatasetCreation(await DatasetVersion.FindAsync(connection, id, cancellationToken), true, null);
    }

    async Task<string?> TakeSideAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken) => Deployment is null
        ? null
        : await ImageSides.TakeAsync(transaction, Deployment, DatasetVersion.SideOf(Role), [.. Images.Select(image => image.Sha256)], cancellationToken);

    Task<long> InsertVersionAsync(NpgsqlTransaction transaction, string contentHash, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var train = Images.Count(image => image.Split == DatasetSplit.Train);
        return transaction.Connection!.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            insert into dataset_versions
                (name, version, content_hash, role, deployment, class_names, images, objects, train, validation, parent, loop_run, created_at)
            select @Name, coalesce(max(version), 0) + 1,
                @contentHash, @role, @Deployment, @classNames, @images, @objects, @train, @validation, @Parent, @LoopRun, @now
            from dataset_versions where name = @Name
            returning id
            """,
            new
            {
                Name, contentHash, role = Role.ToString(), Deployment, classNames = ClassNames.ToArray(), images = Images.Count,
                objects = Images.Sum(image => image.Objects), train, validation = Images.Count - train, Parent, LoopRun, now,
            },
            transaction, cancellationToken: cancellationToken));
    }

    Task InsertLabelsAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var labels = NewLabels.DistinctBy(set => set.Hash).ToList();
        return transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into dataset_labels (hash, labels, objects)
            select * from unnest(@hashes::text[], @json::jsonb[], @objects::int[]) on conflict do nothing
            """,
            new
            {
                hashes = labels.Select(set => set.Hash).ToArray(), json = labels.Select(set => set.ToJson()).ToArray(),
                objects = labels.Select(set => set.Labels.Count).ToArray(),
            },
            transaction, cancellationToken: cancellationToken));
    }

    Task InsertImagesAsync(NpgsqlTransaction transaction, long id, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            """
            insert into dataset_images (dataset, file_name, sha256, split, labels, frame, deployment, side)
            select @id, i.*, @Deployment, @side
            from unnest(@names::text[], @hashes::text[], @splits::text[], @labels::text[], @frames::uuid[]) i
            """,
            new
            {
                id, Deployment, side = Deployment is null ? null : DatasetVersion.SideOf(Role).ToString(),
                names = Images.Select(image => image.FileName).ToArray(),
                hashes = Images.Select(image => image.Sha256).ToArray(), splits = Images.Select(image => image.Split.ToString()).ToArray(),
                labels = Images.Select(image => image.Labels).ToArray(), frames = Images.Select(image => image.Frame).ToArray(),
            },
            transaction, cancellationToken: cancellationToken));
}
