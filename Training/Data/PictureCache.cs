namespace RetrainLoop.Training.Data;

/// <summary>
/// Pictures of a split, decoded once and kept in memory up to a budget; those beyond it are decoded each time they are asked for.
/// </summary>
public sealed class PictureCache(IReadOnlyList<LabelledImage> images, int size, long budgetBytes)
{
    readonly Picture?[] kept = new Picture?[images.Count];
    long left = budgetBytes;

    public int Count => images.Count;

    public Picture this[int index]
    {
        get
        {
            if (kept[index] is { } picture) return picture;
            picture = PictureFile.Read(images[index], size);
            if (left < picture.Pixels.Length) return picture;
            left -= picture.Pixels.Length;
            return kept[index] = picture;
        }
    }
}
