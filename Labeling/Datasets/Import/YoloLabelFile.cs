using System.Globalization;

namespace RetrainLoop.Labeling.Datasets.Import;

/// <summary>A YOLO label file: one object a line, <c>class centreX centreY width height</c>, fractions of the image.</summary>
public static class YoloLabelFile
{
    /// <summary>A box may leave [0, 1] by this much, as four decimals round; it is clipped. At 1,000 pixels that is a tenth of a pixel.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>The objects in fractions (class, left, top, right, bottom). What is wrong is added to the findings by line.</summary>
    public static IReadOnlyList<YoloObject> Parse(string text, int classes, string file, Findings findings)
    {
        var objects = new List<YoloObject>();
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsWhiteSpace()) continue;
            if (ProblemOf(line.ToString(), classes, out var parsed) is { } problem) findings.Add(file, number, problem);
            else objects.Add(parsed);
        }
        return objects;
    }

    static string? ProblemOf(string line, int classes, out YoloObject parsed)
    {
        parsed = default;
        var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5) return $"has {fields.Length} numbers instead of 5 (class, centre x, centre y, width, height)";
        var numbers = new double[5];
        for (var i = 0; i < 5; i++)
            if (!double.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
                return $"'{fields[i]}' is not a number";
        var (centreX, centreY, width, height) = (numbers[1], numbers[2], numbers[3], numbers[4]);
        if (numbers[0] < 0 || numbers[0] >= classes || numbers[0] != Math.Floor(numbers[0]))
            return $"class {fields[0]} is unknown; the classes are 0 to {classes - 1}";
        if (width <= 0 || height <= 0) return "the box has no size";
        parsed = new YoloObject((int)numbers[0], centreX - width / 2, centreY - height / 2, centreX + width / 2, centreY + height / 2);
        return parsed.Left < -Tolerance || parsed.Top < -Tolerance || parsed.Right > 1 + Tolerance || parsed.Bottom > 1 + Tolerance
            ? "the box reaches outside of [0, 1]"
            : null;
    }
}

/// <summary>An object by its corners, fractions of the image.</summary>
public readonly record struct YoloObject(int Class, double Left, double Top, double Right, double Bottom)
{
    /// <summary>The label in pixels, clipped to the image.</summary>
    public DatasetLabel ToLabel(int width, int height)
    {
        var (left, top) = (Math.Max(Left, 0) * width, Math.Max(Top, 0) * height);
        return new DatasetLabel(Class, left, top, Math.Min(Right, 1) * width - left, Math.Min(Bottom, 1) * height - top).OnGrid();
    }
}
