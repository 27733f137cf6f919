using RetrainLoop.Contracts;
using RetrainLoop.Training.Data;

namespace RetrainLoop.Training.Validation;

/// <summary>mAP as fractions: at IoU 0.5, and the mean over IoU 0.5, 0.55 .. 0.95.</summary>
public readonly record struct Precision(double At50, double Mean);

/// <summary>
/// Average precision as COCO defines it (greedy matching by score, precision made monotone, mean over 101 recalls), for one area range and
/// plain boxes. It steers a run: which epoch is best, when to stop. What is reported about a model is measured by Monitor, on datasets that
/// no run sees; a service may not reference that one, and a run must not need it to be up, so the run keeps this small measure of its own.
/// </summary>
public static class AveragePrecision
{
    static readonly float[] Thresholds = [.. Enumerable.Range(0, 10).Select(i => 0.5f + 0.05f * i)];

    /// <param name="images">For each image its true objects and what was detected, in the same pixels.</param>
    /// <returns>The mean over the classes that have objects; 0 when there are none.</returns>
    public static Precision Of(IReadOnlyList<(IReadOnlyList<Target> Truth, IReadOnlyList<ScoredBox> Detections)> images)
    {
        var classes = images.SelectMany(image => image.Truth.Select(target => target.Class)).Distinct().ToList();
        if (classes.Count == 0) return default;
        var byThreshold = Thresholds.Select(threshold => classes.Average(label => OfClass(images, label, threshold))).ToList();
        return new Precision(byThreshold[0], byThreshold.Average());
    }

    static double OfClass(IReadOnlyList<(IReadOnlyList<Target> Truth, IReadOnlyList<ScoredBox> Detections)> images, int label, float threshold)
    {
        var objects = 0;
        var outcomes = new List<(float Score, bool IsHit)>();
        foreach (var (truth, detections) in images)
        {
            var open = truth.Where(target => target.Class == label).Select(target => target.Box).ToList();
            objects += open.Count;
            foreach (var detection in detections.Where(detection => detection.Class == label).OrderByDescending(detection => detection.Score))
                outcomes.Add((detection.Score, Take(open, detection.Box, threshold)));
        }
        return Area([.. outcomes.OrderByDescending(outcome => outcome.Score).Select(outcome => outcome.IsHit)], objects);
    }

    /// <summary>Matches the open object that the box covers best, if well enough, and closes it.</summary>
    static bool Take(List<Box> open, Box box, float threshold)
    {
        var (best, at) = (threshold, -1);
        for (var i = 0; i < open.Count; i++)
            if (Box.IoU(open[i], box) is var iou && iou >= best) (best, at) = (iou, i);
        if (at >= 0) open.RemoveAt(at);
        return at >= 0;
    }

    /// <summary>Mean of the precision envelope at recall 0, 0.01 .. 1.</summary>
    /// <param name="hits">Outcomes by falling score.</param>
    public static double Area(IReadOnlyList<bool> hits, int objects)
    {
        var precision = new double[hits.Count];
        var recall = new double[hits.Count];
        for (int i = 0, found = 0; i < hits.Count; i++)
        {
            if (hits[i]) found++;
            (precision[i], recall[i]) = ((double)found / (i + 1), (double)found / objects);
        }
        for (var i = hits.Count - 2; i >= 0; i--) precision[i] = Math.Max(precision[i], precision[i + 1]);
        double sum = 0;
        for (int step = 0, i = 0; step <= 100; step++)
        {
            while (i < recall.Length && recall[i] < step / 100.0) i++;
            if (i < recall.Length) sum += precision[i];
        }
        return sum / 101;
    }
}
