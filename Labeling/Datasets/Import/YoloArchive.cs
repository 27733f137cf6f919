using System.Text;

namespace RetrainLoop.Labeling.Datasets.Import;

/// <summary>
/// The YOLO layout: <c>data.yaml</c> and, beside each folder <c>images</c>, a folder <c>labels</c> with a text file for each picture; split by
/// folders as in <c>images/train</c> or <c>train/images</c>. A picture without objects has an empty text file: a missing one is a finding.
/// </summary>
static class YoloArchive
{
    public static async Task<ImportedDataset?> ReadAsync(Archive archive, string? split, Findings findings, CancellationToken cancellationToken)
    {
        var description = archive.Files.FirstOrDefault(file => file.Path is "data.yaml" or "data.yml" or "dataset.yaml");
        if (description is null)
        {
            findings.Add("data.yaml", null, "is missing at the top of the archive; it names the classes");
            return null;
        }
        var classNames = YoloDescription.ReadClassNames(await TextAsync(archive, description, cancellationToken), description.Path, findings);
        if (classNames is null) return null;

        var labelFiles = archive.Files.Where(file => file.Path.EndsWith(".txt", StringComparison.OrdinalIgnoreCase))
            .Where(file => SplitName.IsWanted(SplitName.Of(file.Folder), split)).ToDictionary(file => file.Path);
        var images = new List<ImportedImage>();
        foreach (var picture in archive.Files.Where(file => file.IsPicture && SplitName.IsWanted(SplitName.Of(file.Folder), split)))
        {
            if (!labelFiles.Remove(LabelPathOf(picture.Path), out var labels))
            {
                findings.Add(picture.Path, null, $"has no labels: {LabelPathOf(picture.Path)} is missing (an empty file means that there is no object)");
                continue;
            }
            var objects = YoloLabelFile.Parse(await TextAsync(archive, labels, cancellationToken), classNames.Count, labels.Path, findings);
            images.Add(new ImportedImage(picture, NameOf(picture), SplitName.ToSplit(SplitName.Of(picture.Folder)),
                (width, height, _) => [.. objects.Select(item => item.ToLabel(width, height))]));
        }
        foreach (var orphan in labelFiles.Keys.Where(path => path.Split('/').Contains("labels")).Order(StringComparer.Ordinal))
            findings.Add(orphan, null, "labels a picture that is not in the archive");
        return new ImportedDataset(classNames, images);
    }

    /// <summary>The same path with <c>labels</c> for the last <c>images</c>, ending in .txt, as the common trainers look for it.</summary>
    static string LabelPathOf(string picture)
    {
        var parts = picture.Split('/');
        var folder = Array.LastIndexOf(parts, "images");
        if (folder >= 0) parts[folder] = "labels";
        return Path.ChangeExtension(string.Join('/', parts), ".txt");
    }

    /// <summary>Folders that say nothing but "images" and the split are left out of the name; it is put together anew on export.</summary>
    static string NameOf(ArchiveFile picture)
    {
        var split = SplitName.ToSplit(SplitName.Of(picture.Folder)) == Deployments.DatasetSplit.Train ? "train" : "val";
        var rest = picture.Path.Split('/').Where(part => part != "images" && !SplitName.IsFolder(part));
        return $"images/{split}/{string.Join('/', rest)}";
    }

    static async Task<string> TextAsync(Archive archive, ArchiveFile file, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await archive.ReadAsync(file, cancellationToken)).TrimStart('\uFEFF');
}
