using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using RetrainLoop.ServiceDefaults.Blobs;

namespace RetrainLoop.Labeling.Datasets.Export;

/// <summary>
/// The YOLO layout: data.yaml, images/train and val, labels/train and val, and retrainloop.json, which names the images that the parent version
/// does not have. Crowd regions have no place in this format and are left out.
/// </summary>
static class YoloExport
{
    public static async Task WriteAsync(
        ZipArchive zip, DatasetVersion version, IReadOnlyList<LabelledImage> images, BlobStore blobs, CancellationToken cancellationToken)
    {
        await zip.AddTextAsync("data.yaml", Description(version.ClassNames), cancellationToken);
        var added = images.Where(image => !image.InParent).Select(image => image.FileName);
        await zip.AddTextAsync("retrainloop.json", JsonSerializer.Serialize(new { New = added }, ContractJson.Options), cancellationToken);
        foreach (var image in images)
        {
            await zip.AddTextAsync(LabelPathOf(image.FileName), Labels(image), cancellationToken);
            await zip.AddPictureAsync(image.FileName, blobs, image, cancellationToken);
        }
    }

    /// <summary>data.yaml; names are quoted as JSON strings, which YAML reads too.</summary>
    public static string Description(IReadOnlyList<string> classNames)
    {
        var yaml = new StringBuilder("path: .\ntrain: images/train\nval: images/val\n")
            .Append(CultureInfo.InvariantCulture, $"nc: {classNames.Count}\nnames:\n");
        for (var i = 0; i < classNames.Count; i++) yaml.Append(CultureInfo.InvariantCulture, $"  {i}: {JsonSerializer.Serialize(classNames[i])}\n");
        return yaml.ToString();
    }

    /// <summary>One line an object; ten decimals, so that the pixels read back exactly.</summary>
    public static string Labels(LabelledImage image)
    {
        var lines = new StringBuilder();
        foreach (var label in image.Objects.Where(label => !label.Crowd))
        {
            var (x, y) = ((label.X + label.Width / 2) / image.Width, (label.Y + label.Height / 2) / image.Height);
            lines.Append(CultureInfo.InvariantCulture,
                $"{label.Class} {x:0.##########} {y:0.##########} {label.Width / image.Width:0.##########} {label.Height / image.Height:0.##########}\n");
        }
        return lines.ToString();
    }

    static string LabelPathOf(string fileName) => Path.ChangeExtension($"labels{fileName["images".Length..]}", ".txt");
}
