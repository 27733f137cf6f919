namespace RetrainLoop.Labeling.Datasets.Import;

/// <summary>Reads one COCO document.</summary>
sealed class CocoReader(ArchiveFile json, CocoDocument document, List<CocoCategory> categories, CocoPictures pictures, string? split, Findings findings)
{
    /// <summary>Pixels by which a box may stick out of its image, as published COCO files have it; it is clipped.</summary>
    const double Tolerance = 1;

    readonly Dictionary<long, int> classes = categories.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index);

    public void AddTo(List<ImportedImage> images)
    {
        var annotations = document.Annotations.ToLookup(annotation => annotation.ImageId);
        var known = document.Images.Select(image => image.Id).ToHashSet();
        foreach (var annotation in document.Annotations)
            if (!known.Contains(annotation.ImageId)) Report(annotation, $"belongs to image {annotation.ImageId}, which the file does not have");
        foreach (var image in document.Images)
        {
            var part = SplitName.Of(json.Name) ?? SplitName.Of(image.FileName);
            if (!SplitName.IsWanted(part, split)) continue;
            if (pictures.Find(json, image.FileName) is not { } picture)
            {
                findings.Add(json.Path, null, $"names the picture {image.FileName}, which is not in the archive");
                continue;
            }
            images.Add(new ImportedImage(picture, NameOf(picture, part), SplitName.ToSplit(part),
                (width, height, found) => Labels(image, annotations[image.Id], width, height, found)));
        }
    }

    List<DatasetLabel> Labels(CocoImage image, IEnumerable<CocoAnnotation> annotations, int width, int height, Findings found)
    {
        if (image.Width != width || image.Height != height)
            found.Add(json.Path, null, $"says that {image.FileName} has {image.Width} x {image.Height} pixels; it has {width} x {height}");
        var labels = new List<DatasetLabel>();
        foreach (var annotation in annotations)
            if (ProblemOf(annotation, width, height) is { } problem) Report(annotation, problem);
            else labels.Add(Label(annotation, width, height));
        return labels;
    }

    DatasetLabel Label(CocoAnnotation annotation, int width, int height)
    {
        var (x, y) = (annotation.Box[0], annotation.Box[1]);
        var (left, top) = (Math.Max(x, 0), Math.Max(y, 0));
        var (right, bottom) = (Math.Min(x + annotation.Box[2], width), Math.Min(y + annotation.Box[3], height));
        return new DatasetLabel(classes[annotation.CategoryId], left, top, right - left, bottom - top, annotation.Crowd != 0, annotation.Area).OnGrid();
    }

    string? ProblemOf(CocoAnnotation annotation, int width, int height) =>
        !classes.ContainsKey(annotation.CategoryId) ? $"has the unknown category {annotation.CategoryId}"
        : annotation.Box is not { Count: 4 } || !annotation.Box.All(double.IsFinite) ? "needs a bbox of four numbers"
        : annotation.Box[2] <= 0 || annotation.Box[3] <= 0 ? "has a box without size"
        : annotation.Box[0] < -Tolerance || annotation.Box[1] < -Tolerance
            || annotation.Box[0] + annotation.Box[2] > width + Tolerance || annotation.Box[1] + annotation.Box[3] > height + Tolerance
            ? $"has a box outside of its image of {width} x {height} pixels"
        : null;

    void Report(CocoAnnotation annotation, string problem) => findings.Add(json.Path, null, $"annotation {annotation.Id} {problem}");

    static string NameOf(ArchiveFile picture, string? part)
    {
        var split = SplitName.ToSplit(part) == Deployments.DatasetSplit.Train ? "train" : "val";
        return $"images/{split}/{string.Join('/', picture.Path.Split('/').Where(folder => folder != "images" && !SplitName.IsFolder(folder)))}";
    }
}
