using SkiaSharp;

namespace RetrainLoop.Tests.Training.Data;

/// <summary>A small dataset in YOLO layout: squares and discs in two colours on grey, always the same for the same seed.</summary>
static class ShapesDataset
{
    public const int Side = 64;
    public static readonly string[] ClassNames = ["square", "disc"];

    public static string Write(string folder, int train, int validation, int seed = 1, string[]? classNames = null)
    {
        Directory.CreateDirectory(folder);
        var names = string.Join(", ", (classNames ?? ClassNames).Select(name => $"'{name}'"));
        File.WriteAllText(Path.Combine(folder, "data.yaml"), $"path: .\ntrain: images/train\nval: images/val\nnames: [{names}]\n");
        var random = new Random(seed);
        for (var i = 0; i < train; i++) WriteImage(folder, "train", i, random);
        for (var i = 0; i < validation; i++) WriteImage(folder, "val", i, random);
        return folder;
    }

    static void WriteImage(string folder, string split, int number, Random random)
    {
        var images = Directory.CreateDirectory(Path.Combine(folder, "images", split)).FullName;
        var labels = Directory.CreateDirectory(Path.Combine(folder, "labels", split)).FullName;
        using var bitmap = new SKBitmap(Side, Side);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(new SKColor(90, 90, 90));
        var lines = new List<string>();
        for (var half = 0; half < 2; half++) // one object in each half, so that none hides another
        {
            var (isDisc, size) = (random.Next(2), random.Next(18, 27));
            var (x, y) = (half * Side / 2 + random.Next(Side / 2 - size), random.Next(Side - size));
            using var paint = new SKPaint { Color = isDisc == 1 ? SKColors.Gold : SKColors.RoyalBlue };
            if (isDisc == 1) canvas.DrawOval(new SKRect(x, y, x + size, y + size), paint);
            else canvas.DrawRect(x, y, size, size, paint);
            lines.Add(FormattableString.Invariant($"{isDisc} {(x + size / 2.0) / Side} {(y + size / 2.0) / Side} {(double)size / Side} {(double)size / Side}"));
        }
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(Path.Combine(images, $"{number:D3}.png"), encoded.ToArray());
        File.WriteAllLines(Path.Combine(labels, $"{number:D3}.txt"), lines);
    }
}
