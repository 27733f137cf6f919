using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>
/// Who was taken for whom in one image at IoU 0.50, for people to look at: detections from the highest confidence down, each takes the free object of
/// highest IoU. Crowds are left out on both sides: a detection that lies on one is neither right nor wrong.
/// </summary>
static class BoxMatching
{
    public const double Iou = 0.5;

    /// <param name="Object">Null = nothing is there.</param>
    public readonly record struct Pair(CocoDetection? Detection, CocoAnnotation? Object, double IoU);

    /// <param name="acrossClasses">Whether a detection may take an object of another class.</param>
    public static List<Pair> Match(IReadOnlyList<CocoDetection> detections, IReadOnlyList<CocoAnnotation> objects, bool acrossClasses)
    {
        var pairs = new List<Pair>();
        var free = objects.Where(target => !target.Iscrowd).ToList();
        foreach (var detection in detections.OrderByDescending(detection => detection.Score))
        {
            var candidates = free.Where(target => acrossClasses || target.CategoryId == detection.CategoryId)
                .Select(target => (Target: target, IoU: ImageMatcher.Overlap(detection.Bbox, target.Bbox, crowd: false))).Where(candidate => candidate.IoU >= Iou).ToList();
            if (candidates.Count > 0)
            {
                var (target, iou) = candidates.MaxBy(candidate => candidate.IoU);
                free.Remove(target);
                pairs.Add(new Pair(detection, target, iou));
            }
            else if (!objects.Any(crowd => crowd.Iscrowd && crowd.CategoryId == detection.CategoryId && ImageMatcher.Overlap(detection.Bbox, crowd.Bbox, crowd: true) >= Iou))
                pairs.Add(new Pair(detection, null, 0));
        }
        pairs.AddRange(free.Select(missed => new Pair(null, missed, 0)));
        return pairs;
    }
}
