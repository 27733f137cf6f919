using System.Globalization;
using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>What lies behind a score: curves, confusion and every image's boxes.</summary>
static class CocoDetails
{
    /// <summary>Used for the confusion matrix and the images when no threshold has hits.</summary>
    const double UsualConfidence = 0.25;
    static readonly int[] CurveThresholds = [CocoProtocol.Iou50, CocoProtocol.Iou75];

    public static EvaluationDetails Of(CocoGroundTruth groundTruth, IReadOnlyList<CocoDetection> detections, CocoMatches matches, CocoScore score)
    {
        var best = OperatingPoints.Best(matches.Categories);
        var confidence = best?.Confidence ?? UsualConfidence;
        var found = detections.Where(detection => detection.Score >= confidence).ToLookup(detection => detection.ImageId);
        var objects = groundTruth.Annotations.ToLookup(annotation => annotation.ImageId);
        return new EvaluationDetails(score.PerCategory, best, Curves(matches), Confusion(groundTruth, found, objects, confidence),
            [.. groundTruth.Images.Select(image => Image(image, [.. found[image.Id]], [.. objects[image.Id]]))]);
    }

    static List<PrecisionRecall> Curves(CocoMatches matches)
    {
        var curves = new List<PrecisionRecall>();
        foreach (var threshold in CurveThresholds)
        {
            var iou = CocoProtocol.IouThresholds[threshold];
            var classes = matches.Categories.Where(category => category.Positives(CocoProtocol.All) > 0).Select(category =>
            {
                var (precision, confidence) = PrecisionCurve.Points(
                    category.OutcomesAt(CocoProtocol.All, threshold), category.Score, category.Positives(CocoProtocol.All));
                return new PrecisionRecall(category.CategoryId, category.Name, iou, precision, confidence);
            }).ToList();
            if (classes.Count > 0)
                curves.Add(new PrecisionRecall(null, "all", iou, [.. Enumerable.Range(0, classes[0].Precision.Count).Select(r => classes.Average(curve => curve.Precision[r]))], []));
            curves.AddRange(classes);
        }
        return curves;
    }

    static ConfusionMatrix Confusion(
        CocoGroundTruth groundTruth, ILookup<long, CocoDetection> found, ILookup<long, CocoAnnotation> objects, double confidence)
    {
        var classes = groundTruth.Categories.OrderBy(category => category.Id).ToList();
        var rows = classes.Select((category, index) => (category.Id, index)).ToDictionary(pair => pair.Id, pair => pair.index);
        var counts = Enumerable.Range(0, classes.Count + 1).Select(_ => new int[classes.Count + 1]).ToList();
        foreach (var image in groundTruth.Images)
            foreach (var pair in BoxMatching.Match([.. found[image.Id].Where(detection => rows.ContainsKey(detection.CategoryId))], [.. objects[image.Id]], acrossClasses: true))
                counts[pair.Object is null ? classes.Count : rows[pair.Object.CategoryId]][pair.Detection is null ? classes.Count : rows[pair.Detection.CategoryId]]++;
        return new ConfusionMatrix([.. classes.Select(category => category.Name)], confidence, BoxMatching.Iou, counts);
    }

    static ImageMatch Image(CocoImage image, List<CocoDetection> found, List<CocoAnnotation> objects)
    {
        var boxes = BoxMatching.Match(found, objects, acrossClasses: false).Select(pair => pair switch
        {
            { Detection: { } detection, Object: { } } => Box("truePositive", detection.CategoryId, detection.Bbox, detection.Score, pair.IoU),
            { Detection: { } detection } => Box("falsePositive", detection.CategoryId, detection.Bbox, detection.Score, null),
            _ => Box("missed", pair.Object!.CategoryId, pair.Object.Bbox, null, null),
        }).ToList();
        int Count(string kind) => boxes.Count(box => box.Kind == kind);
        return new ImageMatch(image.Id, image.FileName ?? image.Id.ToString(CultureInfo.InvariantCulture),
            Count("truePositive"), Count("falsePositive"), Count("missed"), boxes);
    }

    static MatchedBox Box(string kind, int category, CocoBox box, double? confidence, double? iou) =>
        new(kind, category, box.X, box.Y, box.Width, box.Height, confidence, iou);
}
