using RetrainLoop.Contracts;
using RetrainLoop.Training.Data;

namespace RetrainLoop.Training.Augmentation;

/// <summary>Makes training pictures from the cached ones. Pure: all chance comes from the given random source.</summary>
public static class Augmenter
{
    /// <summary>A new picture whose boxes lie inside it.</summary>
    /// <param name="pick">Any other picture, for a mosaic.</param>
    public static Picture Apply(Picture picture, Func<Picture> pick, AugmentationOptions options, Random random)
    {
        var drawn = random.NextDouble() < options.Mosaic
            ? Mosaic([picture, pick(), pick(), pick()], options, random)
            : Move(picture, options, random);
        if (random.NextDouble() < options.Flip) drawn = Mirror(drawn);
        ColorJitter.Draw(options, random).Apply(drawn.Pixels);
        return drawn;
    }

    /// <summary>
    /// Four pictures around a crossing point (Bochkovskiy et al. 2020, "YOLOv4"), each with a corner at the crossing, at half to full size.
    /// </summary>
    public static Picture Mosaic(IReadOnlyList<Picture> four, AugmentationOptions options, Random random)
    {
        var size = four[0].Size;
        var canvas = Picture.Blank(size);
        var crossX = (int)(size * Uniform(random, 0.5, 0.25));
        var crossY = (int)(size * Uniform(random, 0.5, 0.25));
        var targets = new List<Target>();
        for (var i = 0; i < 4; i++)
        {
            var scale = (float)Uniform(random, 0.75, Math.Min(0.25, options.Scale));
            var (isRight, isBelow) = (i % 2 == 1, i / 2 == 1);
            var placement = new Placement(
                scale, isRight ? crossX : crossX - size * scale, isBelow ? crossY : crossY - size * scale,
                (isRight ? crossX : 0, isBelow ? crossY : 0, isRight ? size : crossX, isBelow ? size : crossY));
            placement.Draw(four[i], canvas.Pixels);
            targets.AddRange(placement.Move(four[i].Targets));
        }
        return canvas with { Targets = targets };
    }

    /// <summary>One picture, zoomed about its centre and shifted.</summary>
    public static Picture Move(Picture picture, AugmentationOptions options, Random random)
    {
        var size = picture.Size;
        var canvas = Picture.Blank(size);
        var scale = (float)Uniform(random, 1, options.Scale);
        var placement = new Placement(
            scale, size * ((1 - scale) / 2 + (float)Uniform(random, 0, options.Translate)),
            size * ((1 - scale) / 2 + (float)Uniform(random, 0, options.Translate)), (0, 0, size, size));
        placement.Draw(picture, canvas.Pixels);
        return canvas with { Targets = [.. placement.Move(picture.Targets)] };
    }

    /// <summary>The mirror image, left for right.</summary>
    public static Picture Mirror(Picture picture)
    {
        var pixels = new byte[picture.Pixels.Length];
        var size = picture.Size;
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
                picture.Pixels.AsSpan((y * size + x) * 3, 3).CopyTo(pixels.AsSpan((y * size + size - 1 - x) * 3));
        return new Picture(pixels, size, [.. picture.Targets.Select(target => target with { Box = target.Box with { X = size - target.Box.Right } })]);
    }

    static double Uniform(Random random, double middle, double halfRange) => middle + (random.NextDouble() * 2 - 1) * halfRange;
}
