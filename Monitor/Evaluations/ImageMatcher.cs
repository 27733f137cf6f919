namespace RetrainLoop.Monitor.Evaluations;

/// <summary>
/// Matches the detections of one class in one image with its objects, greedily in falling order of score, as pycocotools' <c>evaluateImg</c>
/// does: each detection takes the free object of highest IoU at or above the threshold; objects that do not count are taken last; a crowd
/// may be taken many times and its IoU is intersection over detection area.
/// </summary>
sealed class ImageMatcher
{
    double[] overlaps = [];
    int[] order = [];
    bool[] ignored = [], taken = [];

    /// <param name="detections">At most 100, in falling order of score.</param>
    /// <param name="report">Called per area range, threshold and detection.</param>
    public void Match(ReadOnlySpan<CocoBox> detections, ReadOnlySpan<CocoAnnotation> objects, Action<int, int, int, MatchOutcome> report)
    {
        Prepare(detections, objects);
        for (var area = 0; area < CocoProtocol.AreaRanges.Length; area++)
        {
            OrderObjects(objects, area);
            for (var threshold = 0; threshold < CocoProtocol.IouThresholds.Length; threshold++)
            {
                taken.AsSpan(0, objects.Length).Clear();
                for (var detection = 0; detection < detections.Length; detection++)
                    report(area, threshold, detection, MatchOne(detections[detection], detection, objects, area, threshold));
            }
        }
    }

    /// <summary>Whether an object counts in an area range.</summary>
    public static bool Counts(CocoAnnotation annotation, int area) => !annotation.Iscrowd && IsWithin(annotation.Area ?? annotation.Bbox.Area, area);

    MatchOutcome MatchOne(CocoBox box, int detection, ReadOnlySpan<CocoAnnotation> objects, int area, int threshold)
    {
        var best = -1;
        var iou = Math.Min(CocoProtocol.IouThresholds[threshold], 1 - 1e-10);
        var row = detection * objects.Length;
        for (var i = 0; i < objects.Length; i++)
        {
            var candidate = order[i];
            if (taken[candidate] && !objects[candidate].Iscrowd) continue;
            if (best >= 0 && !ignored[best] && ignored[candidate]) break;
            if (overlaps[row + candidate] < iou) continue;
            iou = overlaps[row + candidate];
            best = candidate;
        }
        if (best >= 0)
        {
            taken[best] = true;
            if (ignored[best]) return MatchOutcome.Ignored;
            // pycocotools stores the matched id and tests it for truth, so an object with id 0 never counts as found.
            if (objects[best].Id != 0) return MatchOutcome.TruePositive;
        }
        return IsWithin(box.Area, area) ? MatchOutcome.FalsePositive : MatchOutcome.Ignored;
    }

    void Prepare(ReadOnlySpan<CocoBox> detections, ReadOnlySpan<CocoAnnotation> objects)
    {
        if (overlaps.Length < detections.Length * objects.Length) overlaps = new double[detections.Length * objects.Length];
        if (order.Length < objects.Length) (order, ignored, taken) = (new int[objects.Length], new bool[objects.Length], new bool[objects.Length]);
        var i = 0;
        foreach (var detection in detections)
            foreach (var target in objects) overlaps[i++] = Overlap(detection, target.Bbox, target.Iscrowd);
    }

    /// <summary>Objects that count come first, otherwise in input order.</summary>
    void OrderObjects(ReadOnlySpan<CocoAnnotation> objects, int area)
    {
        var next = 0;
        for (var i = 0; i < objects.Length; i++)
            if (!(ignored[i] = !Counts(objects[i], area))) order[next++] = i;
        for (var i = 0; i < objects.Length; i++)
            if (ignored[i]) order[next++] = i;
    }

    static bool IsWithin(double value, int area) => value >= CocoProtocol.AreaRanges[area].Low && value <= CocoProtocol.AreaRanges[area].High;

    /// <summary>Intersection over union; with a crowd, over the detection's area.</summary>
    public static double Overlap(in CocoBox detection, in CocoBox target, bool crowd)
    {
        var width = Math.Min(detection.X + detection.Width, target.X + target.Width) - Math.Max(detection.X, target.X);
        if (width <= 0) return 0;
        var height = Math.Min(detection.Y + detection.Height, target.Y + target.Height) - Math.Max(detection.Y, target.Y);
        if (height <= 0) return 0;
        var intersection = width * height;
        return intersection / (crowd ? detection.Area : detection.Area + target.Area - intersection);
    }
}
