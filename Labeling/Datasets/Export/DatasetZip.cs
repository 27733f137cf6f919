using System.IO.Compression;
using System.Text;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Labeling.Datasets.Export;

/// <summary>Writes entries to a zip that goes out while it is made.</summary>
static class DatasetZip
{
    public static async Task AddTextAsync(this ZipArchive zip, string name, string text, CancellationToken cancellationToken)
    {
        await using var entry = await zip.CreateEntry(name, CompressionLevel.Fastest).OpenAsync(cancellationToken);
        await entry.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
    }

    /// <summary>Pictures are compressed already, so they are stored as they are.</summary>
    public static async Task AddPictureAsync(
        this ZipArchive zip, string name, BlobStore blobs, LabelledImage image, CancellationToken cancellationToken)
    {
        await using var picture = await blobs.OpenReadAsync(image.Sha256, cancellationToken)
            ?? throw new FileNotFoundException($"The bytes of {image.FileName} are gone.");
        await using var entry = await zip.CreateEntry(name, CompressionLevel.NoCompression).OpenAsync(cancellationToken);
        await picture.CopyToAsync(entry, cancellationToken);
    }
}
