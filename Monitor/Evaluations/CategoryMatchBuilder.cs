namespace RetrainLoop.Monitor.Evaluations;

/// <summary>Collects one class image by image, then puts its detections into falling order of score.</summary>
sealed class CategoryMatchBuilder(int images, IReadOnlyList<CocoAnnotation> objects, IReadOnlyList<CocoDetection> detections)
{
    static readonly int Areas = CocoProtocol.AreaRanges.Length, Thresholds = CocoProtocol.IouThresholds.Length;
    static readonly int Stride = Areas * Thresholds;

    readonly ImageMatcher matcher = new();
    readonly List<int> image = [];
    readonly List<byte> rank = [];
    readonly List<double> negativeScore = [];
    readonly List<MatchOutcome> outcomes = []; // Stride per detection
    readonly int[][] counting = [.. Enumerable.Range(0, Areas).Select(_ => new int[images])];

    public void Add(int imageIndex, ReadOnlySpan<int> truth, ReadOnlySpan<int> found)
    {
        var targets = new CocoAnnotation[truth.Length];
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = objects[truth[i]];
            for (var area = 0; area < Areas; area++)
                if (ImageMatcher.Counts(targets[i], area)) counting[area][imageIndex]++;
        }
        var keys = new double[found.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = -detections[found[i]].Score;
        var best = StableOrder.Ascending(keys);
        var boxes = new CocoBox[Math.Min(found.Length, CocoProtocol.MaxDetections)];
        for (var i = 0; i < boxes.Length; i++)
        {
            boxes[i] = detections[found[best[i]]].Bbox;
            image.Add(imageIndex);
            rank.Add((byte)i);
            negativeScore.Add(keys[i]);
        }
        var start = outcomes.Count;
        for (var i = 0; i < boxes.Length * Stride; i++) outcomes.Add(default);
        if (boxes.Length > 0)
            matcher.Match(boxes, targets, (area, threshold, detection, outcome) =>
                outcomes[start + detection * Stride + area * Thresholds + threshold] = outcome);
    }

    public CategoryMatches Build(int categoryId, string name)
    {
        var order = StableOrder.Ascending(negativeScore.ToArray());
        var sorted = new MatchOutcome[Areas][];
        for (var area = 0; area < Areas; area++)
        {
            sorted[area] = new MatchOutcome[Thresholds * order.Length];
            for (var threshold = 0; threshold < Thresholds; threshold++)
                for (var i = 0; i < order.Length; i++)
                    sorted[area][threshold * order.Length + i] = outcomes[order[i] * Stride + area * Thresholds + threshold];
        }
        return new CategoryMatches(categoryId, name, [.. order.Select(i => image[i])], [.. order.Select(i => -negativeScore[i])],
            [.. order.Select(i => rank[i])], sorted, counting);
    }
}
