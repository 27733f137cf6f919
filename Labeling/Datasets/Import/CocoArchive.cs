using System.Text.Json;

namespace RetrainLoop.Labeling.Datasets.Import;

/// <summary>
/// COCO: one JSON file for each split (its name or the pictures' folder says which) and the pictures that it names. Categories become classes in
/// the order of their ids. Boxes alone are taken; iscrowd and the area of a mask are kept, since scoring uses them.
/// </summary>
static class CocoArchive
{
    public static async Task<ImportedDataset?> ReadAsync(Archive archive, string? split, Findings findings, CancellationToken cancellationToken)
    {
        var pictures = new CocoPictures(archive);
        IReadOnlyList<string>? classNames = null;
        var images = new List<ImportedImage>();
        var documents = 0;
        foreach (var file in archive.Files.Where(file => file.Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)))
        {
            if (await DocumentAsync(archive, file, findings, cancellationToken) is not { } document) continue;
            documents++;
            var categories = document.Categories.OrderBy(category => category.Id).ToList();
            var names = categories.Select(category => category.Name).ToList();
            classNames ??= names;
            if (!names.SequenceEqual(classNames)) findings.Add(file.Path, null, "has other categories than the JSON file before it");
            else new CocoReader(file, document, categories, pictures, split, findings).AddTo(images);
        }
        foreach (var unnamed in pictures.Unclaimed(split)) findings.Add(unnamed.Path, null, "has no labels: no JSON file names it");
        if (documents > 0) return new ImportedDataset(classNames!, images);
        findings.Add("the archive", null, "has no COCO JSON file with images, annotations and categories");
        return null;
    }

    /// <summary>The COCO document in a JSON file; null when the file is another kind of JSON, or broken (then a finding says so).</summary>
    static async Task<CocoDocument?> DocumentAsync(Archive archive, ArchiveFile file, Findings findings, CancellationToken cancellationToken)
    {
        try
        {
            var document = JsonSerializer.Deserialize<CocoDocument>(await archive.ReadAsync(file, cancellationToken), ContractJson.Options);
            return document is { Images: not null, Annotations: not null, Categories.Count: > 0 } ? document : null;
        }
        catch (JsonException exception)
        {
            findings.Add(file.Path, (int?)exception.LineNumber + 1, "is not valid COCO JSON");
            return null;
        }
    }
}

/// <summary>Finds the pictures that JSON files name.</summary>
sealed class CocoPictures(Archive archive)
{
    readonly Dictionary<string, ArchiveFile> byPath = archive.Files.Where(file => file.IsPicture).ToDictionary(file => file.Path);
    readonly ILookup<string, ArchiveFile> byName = archive.Files.Where(file => file.IsPicture).ToLookup(file => file.Name);
    readonly HashSet<string> claimed = [];

    /// <summary>Beside the JSON file, at the top, or anywhere when its name is unique and the path ends as the JSON file says.</summary>
    public ArchiveFile? Find(ArchiveFile json, string fileName)
    {
        var folder = json.Folder.Length > 0 ? json.Folder + "/" : "";
        var found = byPath.GetValueOrDefault(folder + fileName) ?? byPath.GetValueOrDefault(fileName) ?? OnlyEndingWith(fileName);
        if (found is not null) claimed.Add(found.Path);
        return found;
    }

    public IEnumerable<ArchiveFile> Unclaimed(string? split) => byPath.Values
        .Where(file => !claimed.Contains(file.Path) && (split is null || SplitName.Of(file.Folder) is null || SplitName.Of(file.Folder) == split))
        .OrderBy(file => file.Path, StringComparer.Ordinal);

    ArchiveFile? OnlyEndingWith(string fileName)
    {
        var matches = byName[fileName[(fileName.LastIndexOf('/') + 1)..]]
            .Where(file => file.Path.EndsWith("/" + fileName, StringComparison.Ordinal)).Take(2).ToList();
        return matches.Count == 1 ? matches[0] : null;
    }
}
