using System.Security.Cryptography;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;
using RetrainLoop.Labeling.Deployments;
using RetrainLoop.Labeling.Images;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Labeling.Datasets.Import;

public enum DatasetFormat { Yolo, Coco }

/// <param name="Split">Only this part of the archive: train, val or test; null = all.</param>
public sealed record ImportRequest(string Name, DatasetFormat Format, DatasetRole Role, string? Deployment, string? Split);

/// <summary>Reads an archive twice: first everything is checked, then the pictures are kept. Nothing stays of an archive with a finding.</summary>
sealed class DatasetImport(NpgsqlDataSource database, BlobStore blobs, IOptions<ImportOptions> options, TimeProvider time)
{
    sealed record CheckedImage(ImportedImage Image, string Sha256, long Length, Picture Picture, LabelSet Labels);

    /// <returns>The version, or null when <paramref name="findings"/> has something.</returns>
    public async Task<DatasetCreation?> ImportAsync(
        UploadedArchive upload, ImportRequest request, Findings findings, CancellationToken cancellationToken)
    {
        var archive = Archive.Open(upload.Zip, options.Value, findings);
        if (findings.Any) return null;
        var dataset = request.Format == DatasetFormat.Yolo
            ? await YoloArchive.ReadAsync(archive, request.Split, findings, cancellationToken)
            : await CocoArchive.ReadAsync(archive, request.Split, findings, cancellationToken);
        if (dataset is null) return null;
        if (dataset.Images.Count == 0 && !findings.Any) findings.Add("the archive", null, "holds no pictures of the part that is asked for");
        foreach (var twice in dataset.Images.GroupBy(image => Path.ChangeExtension(image.FileName, null)).Where(group => group.Count() > 1))
            findings.Add(twice.Last().File.Path, null, $"would be the second picture named {twice.Key}");
        var images = new List<CheckedImage>();
        foreach (var image in dataset.Images)
            if (await CheckAsync(archive, image, findings, cancellationToken) is { } good) images.Add(good);
        if (!findings.Any) await FindErasedAsync(images, findings, cancellationToken);
        return findings.Any ? null : await KeepAsync(archive, dataset, images, request, cancellationToken);
    }

    static async Task<CheckedImage?> CheckAsync(Archive archive, ImportedImage image, Findings findings, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await archive.ReadAsync(image.File, cancellationToken);
            var (picture, problem) = Picture.Read(bytes);
            if (picture is not null)
                return new CheckedImage(image, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length, picture,
                    LabelSet.Of(image.Labels(picture.Width, picture.Height, findings)));
            findings.Add(image.File.Path, null, problem!);
        }
        catch (InvalidDataException exception)
        {
            findings.Add(image.File.Path, null, $"is damaged: {exception.Message}");
        }
        return null;
    }

    async Task FindErasedAsync(List<CheckedImage> images, Findings findings, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var erased = (await connection.QueryAsync<string>(new CommandDefinition(
            "select sha256 from images where erased_at is not null and sha256 = any(@hashes)",
            new { hashes = images.Select(image => image.Sha256).ToArray() }, cancellationToken: cancellationToken))).ToHashSet();
        foreach (var image in images.Where(image => erased.Contains(image.Sha256)))
            findings.Add(image.Image.File.Path, null, "was erased here on request and is not taken in again");
    }

    async Task<DatasetCreation> KeepAsync(
        Archive archive, ImportedDataset dataset, List<CheckedImage> images, ImportRequest request, CancellationToken cancellationToken)
    {
        foreach (var image in images) await blobs.PutAsync(await archive.ReadAsync(image.Image.File, cancellationToken), cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await NoteAsync(connection, images, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var splits = request.Role == DatasetRole.Training;
        var draft = new DatasetDraft(request.Name, request.Role, request.Deployment, dataset.ClassNames,
            [.. images.Select(image => new DatasetImage(image.Image.FileName, image.Sha256, splits ? image.Image.Split : DatasetSplit.Validation,
                image.Labels.Hash, image.Labels.Labels.Count, null))],
            [.. images.Select(image => image.Labels)]);
        var creation = await draft.CreateAsync(transaction, time.GetUtcNow(), cancellationToken);
        if (creation.Conflict is null) await transaction.CommitAsync(cancellationToken);
        return creation;
    }

    /// <summary>Notes the pictures in a transaction of their own: should the version conflict, retention finds and deletes their bytes.</summary>
    async Task NoteAsync(NpgsqlConnection connection, List<CheckedImage> images, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var image in images.OrderBy(image => image.Sha256, StringComparer.Ordinal))
            await HeldImage.InsertAsync(transaction, image.Sha256, image.Length, image.Picture, time.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
