using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Labeling.Datasets;

public static class DatasetsApi
{
    public static void MapDatasets(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/datasets").RequireAuthorization(Access.View).WithTags("Datasets");
        group.MapGet("", ListAsync);
        group.MapGet("/{name}/versions/{version:int}", GetAsync);
        group.MapGet("/{name}/versions/{version:int}/manifest", ManifestAsync);
        group.MapGet("/{name}/versions/{version:int}/ground-truth", GroundTruthAsync);
    }

    /// <summary>The newest 500 versions, newest first.</summary>
    static async Task<Ok<List<DatasetVersionInfo>>> ListAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return TypedResults.Ok((await DatasetVersion.ListAsync(connection, cancellationToken)).Select(version => version.ToInfo()).ToList());
    }

    static async Task<Results<Ok<DatasetVersionInfo>, ProblemHttpResult>> GetAsync(
        string name, int version, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await DatasetVersion.FindAsync(connection, name, version, cancellationToken) is { } found
            ? TypedResults.Ok(found.ToInfo())
            : Unknown(name, version);
    }

    /// <summary>The version's images for a detection job; keys are the file names of the ground truth.</summary>
    static async Task<Results<Ok<ImageManifest>, ProblemHttpResult>> ManifestAsync(
        string name, int version, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await DatasetVersion.FindAsync(connection, name, version, cancellationToken) is not { } found) return Unknown(name, version);
        var images = await LabelledImage.ListAsync(connection, found, cancellationToken);
        return TypedResults.Ok(new ImageManifest([.. images.Select(image => image.ToManifest())]));
    }

    /// <summary>The version's labels as COCO JSON.</summary>
    static async Task<Results<Ok<CocoDocument>, ProblemHttpResult>> GroundTruthAsync(
        string name, int version, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await DatasetVersion.FindAsync(connection, name, version, cancellationToken) is not { } found) return Unknown(name, version);
        return TypedResults.Ok(GroundTruth.Of(found.ClassNames, await LabelledImage.ListAsync(connection, found, cancellationToken)));
    }

    public static ProblemHttpResult Unknown(string name, int version) =>
        Problem.NotFound($"There is no dataset version '{name}' v{version}. GET /v1/datasets lists what there is.");
}
