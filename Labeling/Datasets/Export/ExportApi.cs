using System.IO.Compression;
using System.Net.Mime;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using RetrainLoop.Labeling.Datasets.Import;
using RetrainLoop.ServiceDefaults.Blobs;
using RetrainLoop.ServiceDefaults.Security;

namespace RetrainLoop.Labeling.Datasets.Export;

public static class ExportApi
{
    public static void MapDatasetExport(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/datasets/{name}/versions/{version:int}/export", GetAsync).RequireAuthorization(Access.View).WithTags("Datasets");

    /// <summary>The version as a zip that is made while it goes out; erased pictures are not in it.</summary>
    static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> GetAsync(
        string name, int version, NpgsqlDataSource database, BlobStore blobs, HttpContext context, CancellationToken cancellationToken,
        QueryChoice<DatasetFormat>? format = null)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await DatasetVersion.FindAsync(connection, name, version, cancellationToken) is not { } found) return DatasetsApi.Unknown(name, version);
        var images = await LabelledImage.ListAsync(connection, found, cancellationToken);
        // Closing a zip entry writes its last few bytes synchronously, in .NET 10 even when it is closed asynchronously.
        if (context.Features.Get<IHttpBodyControlFeature>() is { } body) body.AllowSynchronousIO = true;
        return TypedResults.Stream(async stream =>
        {
            await using var zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
            if (format?.Value == DatasetFormat.Coco) await CocoExport.WriteAsync(zip, found, images, blobs, cancellationToken);
            else await YoloExport.WriteAsync(zip, found, images, blobs, cancellationToken);
        }, MediaTypeNames.Application.Zip, $"{name}-v{version}.zip");
    }
}
