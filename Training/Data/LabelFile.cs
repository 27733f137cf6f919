using System.Globalization;

namespace RetrainLoop.Training.Data;

/// <summary>A YOLO label file: one object a line, <c>class centreX centreY width height</c>, fractions of the image.</summary>
public static class LabelFile
{
    /// <summary>The label file of an image: the same path with <c>labels</c> for the last <c>images</c>, and the ending .txt.</summary>
    public static string PathFor(string image)
    {
        var parts = image.Split(Path.DirectorySeparatorChar);
        var folder = Array.FindLastIndex(parts, part => part == "images");
        if (folder >= 0) parts[folder] = "labels";
        return Path.ChangeExtension(string.Join(Path.DirectorySeparatorChar, parts), ".txt");
    }

    /// <summary>Reads the objects; no file means no objects. What is wrong is added to <paramref name="problems"/> as file, line and reason.</summary>
    public static IReadOnlyList<LabelledBox> Read(string path, int classes, List<string> problems)
    {
        if (!File.Exists(path)) return [];
        var boxes = new List<LabelledBox>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (Problem(line, classes, out var box) is { } problem) problems.Add($"{Path.GetFileName(path)} line {number}: {problem}");
            else boxes.Add(box);
        }
        return boxes;
    }

    static string? Problem(string line, int classes, out LabelledBox box)
    {
        box = default;
        var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var values = new float[5];
        if (fields.Length != 5) return $"has {fields.Length} fields instead of 5";
        for (var i = 0; i < 5; i++)
            if (!float.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) || !float.IsFinite(values[i]))
                return $"'{fields[i]}' is not a number";
        if (values[0] < 0 || values[0] >= classes || values[0] != MathF.Floor(values[0])) return $"class {fields[0]} is not one of the {classes} classes";
        if (values[1..].Any(value => value is < 0 or > 1.001f)) return "the box does not lie in [0, 1]";
        box = new LabelledBox((int)values[0], values[1], values[2], values[3], values[4]);
        return null;
    }
}
