namespace RetrainLoop.Training.Data;

/// <summary>One object as a label file has it: centre and size as fractions of the image, class counted from 0.</summary>
public readonly record struct LabelledBox(int Class, float CentreX, float CentreY, float Width, float Height);

/// <summary>An image of a dataset and what is on it.</summary>
/// <param name="Path">Of the image file.</param>
/// <param name="IsNew">False = a frame of the base dataset, replayed against forgetting.</param>
public sealed record LabelledImage(string Path, IReadOnlyList<LabelledBox> Boxes, bool IsNew);

/// <summary>A dataset in YOLO layout: <c>data.yaml</c>, image folders, and a label file of the same name for each image that has objects.</summary>
public sealed record YoloDataset(IReadOnlyList<string> ClassNames, IReadOnlyList<LabelledImage> Train, IReadOnlyList<LabelledImage> Validation)
{
    /// <summary>Without a validation split, every this-many-th training image is kept aside for it.</summary>
    const int KeptAside = 10;

    /// <summary>Reads a dataset whole. Images that the dataset's <c>retrainloop.json</c> does not name as new count as base frames.</summary>
    /// <exception cref="DatasetException">It is not a dataset, or a label is wrong.</exception>
    public static YoloDataset Read(string folder)
    {
        var description = DatasetDescription.Read(folder);
        var newFrames = NewFrames.Read(folder);
        var problems = new List<string>();
        var train = ReadSplit(folder, description.Train, description.ClassNames.Count, newFrames, problems);
        var validation = ReadSplit(folder, description.Validation, description.ClassNames.Count, newFrames, problems);
        if (problems.Count > 0)
            throw new DatasetException($"{problems.Count} labels cannot be used: {string.Join("; ", problems.Take(5))}{(problems.Count > 5 ? "; ..." : ".")}");
        return new YoloDataset(description.ClassNames, train, validation);
    }

    /// <summary>Makes sure that there is something to train on and something to validate on.</summary>
    /// <exception cref="DatasetException">There are no training images, or nothing on them.</exception>
    public YoloDataset ForTraining()
    {
        if (Train.Count == 0) throw new DatasetException("The dataset has no training images.");
        if (Train.All(image => image.Boxes.Count == 0)) throw new DatasetException("The dataset has no labelled object in its training images.");
        if (Validation.Count > 0) return this;
        if (Train.Count < 2) return this with { Validation = Train };
        var every = Math.Min(KeptAside, Train.Count);
        return this with
        {
            Train = [.. Train.Where((_, index) => index % every != every - 1)], Validation = [.. Train.Where((_, index) => index % every == every - 1)],
        };
    }

    static List<LabelledImage> ReadSplit(string folder, string? split, int classes, NewFrames newFrames, List<string> problems)
    {
        if (split is null) return [];
        var images = Path.Combine(folder, split);
        if (!Directory.Exists(images)) return [];
        return Directory.EnumerateFiles(images, "*", SearchOption.AllDirectories)
            .Where(IsImage)
            .Order(StringComparer.Ordinal)
            .Select(path => new LabelledImage(
                path, LabelFile.Read(LabelFile.PathFor(path), classes, problems), newFrames.Contains(Path.GetRelativePath(folder, path))))
            .ToList();
    }

    static bool IsImage(string path) => Path.GetExtension(path).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png" or ".bmp" or ".webp";
}
