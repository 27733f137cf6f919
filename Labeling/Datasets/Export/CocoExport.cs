using System.IO.Compression;
using System.Text.Json;
using RetrainLoop.Labeling.Deployments;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Labeling.Datasets.Export;

/// <summary>COCO: coco_train.json and coco_val.json, as far as the version has such images, and the images under images/.</summary>
static class CocoExport
{
    public static async Task WriteAsync(
        ZipArchive zip, DatasetVersion version, IReadOnlyList<LabelledImage> images, BlobStore blobs, CancellationToken cancellationToken)
    {
        foreach (var split in images.GroupBy(image => image.Split))
        {
            var name = split.Key == nameof(DatasetSplit.Train) ? "coco_train.json" : "coco_val.json";
            await zip.AddTextAsync(name, JsonSerializer.Serialize(GroundTruth.Of(version.ClassNames, split), ContractJson.Options), cancellationToken);
        }
        foreach (var image in images) await zip.AddPictureAsync(image.FileName, blobs, image, cancellationToken);
    }
}
