using System.Security.Cryptography;
using System.Text;
using RetrainLoop.Labeling.Deployments;

namespace RetrainLoop.Labeling.Datasets;

/// <summary>An image of a dataset version.</summary>
/// <param name="FileName">Unique in the version, for example <c>images/train/x.jpg</c>; the key in manifests and the file_name in COCO.</param>
/// <param name="Labels">Hash of its <see cref="LabelSet"/>.</param>
/// <param name="Frame">The production frame it is, if it is one.</param>
public sealed record DatasetImage(string FileName, string Sha256, DatasetSplit Split, string Labels, int Objects, Guid? Frame);

public static class ContentHash
{
    /// <summary>
    /// SHA-256 over the class names in order and the sorted lines of image hash, split and label hash: the same for the same content in any order
    /// and under any file names.
    /// </summary>
    public static string Of(IEnumerable<string> classNames, IEnumerable<DatasetImage> images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in classNames) hash.AppendData(Encoding.UTF8.GetBytes($"class {name}\n"));
        foreach (var line in images.Select(image => $"{image.Sha256} {image.Split} {image.Labels}\n").Order(StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes(line));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
