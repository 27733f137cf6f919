using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>The COCO detection score; equals pycocotools 2.0.11 (bbox, default parameters).</summary>
/// <param name="Stats">AP, AP50, AP75, APsmall, APmedium, APlarge, AR1, AR10, AR100, ARsmall, ARmedium, ARlarge; -1 = undefined.</param>
public sealed record CocoScore(IReadOnlyList<double> Stats, IReadOnlyList<CategoryResult> PerCategory);

/// <summary>Summarises matched detections.</summary>
static class CocoEvaluator
{
    static readonly int[] EveryThreshold = [.. Enumerable.Range(0, CocoProtocol.IouThresholds.Length)];

    public static CocoScore Score(CocoMatches matches)
    {
        var precision = matches.Categories.AsParallel().AsOrdered().Select(PrecisionTable).ToList();
        double Ap(int area, params int[] thresholds) => MeanDefined(precision.SelectMany(table => thresholds.Select(t => table[area, t])));
        double Ar(int area, int perImage) =>
            MeanDefined(matches.Categories.SelectMany(category => EveryThreshold.Select(t => category.Recall(area, t, perImage))));

        double[] stats =
        [
            Ap(CocoProtocol.All, EveryThreshold), Ap(CocoProtocol.All, CocoProtocol.Iou50), Ap(CocoProtocol.All, CocoProtocol.Iou75),
            Ap(CocoProtocol.Small, EveryThreshold), Ap(CocoProtocol.Medium, EveryThreshold), Ap(CocoProtocol.Large, EveryThreshold),
            Ar(CocoProtocol.All, 1), Ar(CocoProtocol.All, 10), Ar(CocoProtocol.All, 100),
            Ar(CocoProtocol.Small, 100), Ar(CocoProtocol.Medium, 100), Ar(CocoProtocol.Large, 100),
        ];
        return new CocoScore(stats, [.. matches.Categories.Zip(precision, PerCategory)]);
    }

    static CategoryResult PerCategory(CategoryMatches category, double[,] precision)
    {
        double Ap(int area) => MeanDefined(EveryThreshold.Select(t => precision[area, t]));
        double Ar(int perImage) => MeanDefined(EveryThreshold.Select(t => category.Recall(CocoProtocol.All, t, perImage)));
        return new CategoryResult(category.CategoryId, category.Name, Ap(CocoProtocol.All),
            precision[CocoProtocol.All, CocoProtocol.Iou50], precision[CocoProtocol.All, CocoProtocol.Iou75])
        {
            ApSmall = Ap(CocoProtocol.Small), ApMedium = Ap(CocoProtocol.Medium), ApLarge = Ap(CocoProtocol.Large),
            Ar1 = Ar(1), Ar10 = Ar(10), Ar100 = Ar(100), Objects = (int)category.Positives(CocoProtocol.All), Detections = category.Detections,
            BestF1 = OperatingPoints.Best([category]),
        };
    }

    /// <summary>AP over resampled images: mean over classes and thresholds; NaN when no drawn image holds an object.</summary>
    public static double MeanAveragePrecision(CocoMatches matches, ReadOnlySpan<int> draws)
    {
        var (sum, defined) = (0.0, 0);
        foreach (var category in matches.Categories)
        {
            if (category.Positives(CocoProtocol.All, draws) == 0) continue;
            foreach (var threshold in EveryThreshold) sum += category.AveragePrecision(CocoProtocol.All, threshold, draws);
            defined += EveryThreshold.Length;
        }
        return defined == 0 ? double.NaN : sum / defined;
    }

    /// <summary>The 95 % bootstrap interval of AP over images; null when nothing can be resampled.</summary>
    public static Interval? Interval(CocoMatches matches, int resamples, int seed) =>
        Bootstrap.Interval(matches.Images, draws => MeanAveragePrecision(matches, draws), resamples, seed);

    static double[,] PrecisionTable(CategoryMatches category)
    {
        var table = new double[CocoProtocol.AreaRanges.Length, CocoProtocol.IouThresholds.Length];
        for (var area = 0; area < CocoProtocol.AreaRanges.Length; area++)
            foreach (var threshold in EveryThreshold) table[area, threshold] = category.AveragePrecision(area, threshold);
        return table;
    }

    static double MeanDefined(IEnumerable<double> values)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
            if (value > -1) (sum, count) = (sum + value, count + 1);
        return count == 0 ? -1 : sum / count;
    }
}
