using Dapper;
using Npgsql;
using RetrainLoop.Labeling.Deployments;

namespace RetrainLoop.Labeling.Datasets;

/// <summary>A row of dataset_versions, and how it is found.</summary>
public sealed record DatasetVersion
{
    const string Select =
        """
        select v.id as "Id", v.name as "Name", v.version as "Version", v.content_hash as "ContentHash", v.role as "Role", v.deployment as "Deployment",
            v.class_names as "ClassNames", v.images as "Images", v.objects as "Objects", v.train as "Train", v.validation as "Validation",
            p.name as "ParentName", p.version as "ParentVersion", v.parent as "ParentId", v.loop_run as "LoopRun", v.created_at as "CreatedAt"
        from dataset_versions v left join dataset_versions p on p.id = v.parent
        """;

    public long Id { get; init; }
    public string Name { get; init; } = "";
    public int Version { get; init; }
    public string ContentHash { get; init; } = "";
    public DatasetRole Role { get; init; }
    public string? Deployment { get; init; }
    public string[] ClassNames { get; init; } = [];
    public int Images { get; init; }
    public int Objects { get; init; }
    public int Train { get; init; }
    public int Validation { get; init; }
    public string? ParentName { get; init; }
    public int? ParentVersion { get; init; }
    public long? ParentId { get; init; }
    public string? LoopRun { get; init; }
    public DateTime CreatedAt { get; init; }

    /// <summary>What it is, in words, for example <c>line-training v2 (a Training set of line)</c>.</summary>
    public string Title => $"{Name} v{Version} (a {Role} set of {Deployment ?? "no deployment"})";

    public FrameSide Side => SideOf(Role);

    public static FrameSide SideOf(DatasetRole role) => role == DatasetRole.Training ? FrameSide.Training : FrameSide.Evaluation;

    public DatasetVersionInfo ToInfo()
    {
        var address = $"http://labeling/v1/datasets/{Uri.EscapeDataString(Name)}/versions/{Version}";
        return new DatasetVersionInfo(Name, Version, ContentHash, Role, Deployment, ClassNames, Images, Objects, Train, Validation,
            ParentName is null ? null : new DatasetRef(ParentName, ParentVersion!.Value), LoopRun,
            $"{address}/manifest", $"{address}/ground-truth", $"{address}/export?format=yolo", CreatedAt);
    }

    public static Task<DatasetVersion?> FindAsync(NpgsqlConnection connection, string name, int version, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<DatasetVersion>(new CommandDefinition(
            $"{Select} where v.name = @name and v.version = @version", new { name, version }, cancellationToken: cancellationToken));

    public static Task<DatasetVersion?> FindAsync(NpgsqlConnection connection, long? id, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<DatasetVersion>(new CommandDefinition($"{Select} where v.id = @id", new { id },
        cancellationToken: cancellationToken));

    public static Task<DatasetVersion?> FindByContentAsync(
        NpgsqlConnection connection, string name, string contentHash, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<DatasetVersion>(new CommandDefinition(
            $"{Select} where v.name = @name and v.content_hash = @contentHash", new { name, contentHash }, cancellationToken: cancellationToken));

    /// <summary>Newest first.</summary>
    public static Task<IEnumerable<DatasetVersion>> ListAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.QueryAsync<DatasetVersion>(new CommandDefinition($"{Select} order by v.id desc limit 500", cancellationToken: cancellationToken));

    /// <summary>Its images in the order of their file names, erased ones included: what a later version builds on.</summary>
    public async Task<IReadOnlyList<DatasetImage>> ImagesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        [.. (await connection.QueryAsync<(string FileName, string Sha256, string Split, string Labels, int Objects, Guid? Frame)>(new CommandDefinition(
            """
            select d.file_name, d.sha256, d.split, d.labels, l.objects, d.frame
            from dataset_images d join dataset_labels l on l.hash = d.labels where d.dataset = @Id order by d.file_name
            """,
            new { Id }, cancellationToken: cancellationToken)))
            .Select(row => new DatasetImage(row.FileName, row.Sha256, Enum.Parse<DatasetSplit>(row.Split), row.Labels, row.Objects, row.Frame))];
}
