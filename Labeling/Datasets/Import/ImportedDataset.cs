using RetrainLoop.Labeling.Deployments;

namespace RetrainLoop.Labeling.Datasets.Import;

/// <summary>A dataset as an archive describes it.</summary>
public sealed record ImportedDataset(IReadOnlyList<string> ClassNames, IReadOnlyList<ImportedImage> Images);

/// <summary>A picture of the archive with what is needed to label it.</summary>
/// <param name="FileName">Its name in the dataset version.</param>
/// <param name="Labels">Turns the picture's width and height in pixels into its labels; adds what is wrong to the findings.</param>
public sealed record ImportedImage(ArchiveFile File, string FileName, DatasetSplit Split, Func<int, int, Findings, IReadOnlyList<DatasetLabel>> Labels);

/// <summary>How archives name the parts of a dataset.</summary>
public static class SplitName
{
    /// <summary>The split that a path names: train, val (or valid, validation) or test; null when it names none.</summary>
    public static string? Of(string path)
    {
        foreach (var part in path.Split('/', '_', '.', '-').Reverse())
            switch (part.ToLowerInvariant())
            {
                case "train": case "train2017": return "train";
                case "val": case "valid": case "validation": case "val2017": return "val";
                case "test": return "test";
            }
        return null;
    }

    /// <summary>Whether a folder's name says nothing but the split.</summary>
    public static bool IsFolder(string name) => name is "train" or "val" or "valid" or "validation" or "test";

    /// <summary>A test part is never trained on, so it counts as validation.</summary>
    public static DatasetSplit ToSplit(string? name) => name is "val" or "test" ? DatasetSplit.Validation : DatasetSplit.Train;

    /// <summary>Whether a part is asked for; <paramref name="wanted"/> null = all.</summary>
    public static bool IsWanted(string? name, string? wanted) => wanted is null || (name ?? "train") == wanted;
}
