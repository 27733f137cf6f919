using RetrainLoop.Web.Charts;

namespace RetrainLoop.Web.Pages.Models;

/// <summary>What is said of a model, in words.</summary>
public static class ModelWords
{
    public static string Head(DetectorHead head) => head switch
    {
        DetectorHead.Yolov8 => "YOLOv8 · v9 · v11",
        DetectorHead.Yolov5 => "YOLOv5 · v6 · v7",
        DetectorHead.End2end => "End-to-end (v10 · v26)",
        DetectorHead.Yolox => "YOLOX",
        _ => head.ToString(),
    };

    /// <summary>The raw output that tells the head, as the field writes shapes.</summary>
    public static string Layout(DetectorHead head) => head switch
    {
        DetectorHead.Yolov8 => "[1, 4 + classes, N]",
        DetectorHead.Yolov5 => "[1, N, 5 + classes]",
        DetectorHead.End2end => "[1, K, 6]",
        DetectorHead.Yolox => "[1, N, 5 + classes], grid or decoded",
        _ => "",
    };

    /// <summary>For example <c>washer, nut and 2 more</c>.</summary>
    public static string Classes(IReadOnlyList<string> names) => names.Count <= 3
        ? string.Join(", ", names)
        : $"{names[0]}, {names[1]} and {names.Count - 2} more";

    /// <summary>mAP@0.5:0.95 that came with the model, under any of the names that trainers give it.</summary>
    public static double? MeanAveragePrecision(ModelVersionInfo model) =>
        model.Metrics.TryGetValue("mAP50-95", out var mean) || model.Metrics.TryGetValue("mAP", out mean) ? mean : null;

    public static double? MeanAveragePrecision50(ModelVersionInfo model) => model.Metrics.TryGetValue("mAP50", out var at50) ? at50 : null;

    /// <summary>A trainer's figure: mAP as the field writes it, everything else as a plain number.</summary>
    public static string Metric(string name, double value) =>
        name.Contains("mAP", StringComparison.Ordinal) ? Figure.AveragePrecision(value).Value : Figure.Digits(value);

    /// <summary>For example <c>at most 8 images, 2 ms wait</c>; null when the uploader set no limit.</summary>
    public static string? Batching(ModelBatching? batching)
    {
        string?[] limits =
        [
            batching?.MaxBatch is { } most ? FormattableString.Invariant($"at most {most} {(most == 1 ? "image" : "images")}") : null,
            batching?.MaxDelayMs is { } delay ? FormattableString.Invariant($"{delay:0.##} ms wait at most") : null,
        ];
        return limits.OfType<string>().ToList() is { Count: > 0 } given ? string.Join(", ", given) : null;
    }

    public static string Bytes(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => FormattableString.Invariant($"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => FormattableString.Invariant($"{bytes / 1e6:0.#} MB"),
        _ => FormattableString.Invariant($"{bytes / 1e9:0.##} GB"),
    };

    public static string Address(ModelRef model) => $"/models/{Uri.EscapeDataString(model.Name)}/{model.Version}";
}
