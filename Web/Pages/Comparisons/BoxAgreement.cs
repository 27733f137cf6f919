namespace RetrainLoop.Web.Pages.Comparisons;

/// <summary>Which boxes two models have in common. Pure.</summary>
public static class BoxAgreement
{
    const float LeastIoU = 0.5f;

    /// <summary>
    /// Per detection of each side whether the other side lacks it. Best confidence first, each takes the free box of its class, by name, with the highest IoU,
    /// if that is at least 0.5: the rule by which Inference counts agreements.
    /// </summary>
    public static (IReadOnlyList<bool> First, IReadOnlyList<bool> Second) Alone(IReadOnlyList<Detection> first, IReadOnlyList<Detection> second)
    {
        var (firstAlone, secondAlone) = (Enumerable.Repeat(true, first.Count).ToArray(), Enumerable.Repeat(true, second.Count).ToArray());
        foreach (var index in Enumerable.Range(0, first.Count).OrderByDescending(index => first[index].Confidence))
        {
            var best = Enumerable.Range(0, second.Count)
                .Where(other => secondAlone[other] && second[other].Name == first[index].Name)
                .Select(other => (Other: other, IoU: Box.IoU(first[index].ToBox(), second[other].ToBox())))
                .DefaultIfEmpty((Other: -1, IoU: 0)).MaxBy(pair => pair.IoU);
            if (best.IoU < LeastIoU) continue;
            firstAlone[index] = secondAlone[best.Other] = false;
        }
        return (firstAlone, secondAlone);
    }

    /// <summary>
    /// A colour's number per class name, since two models may number the same class differently: the champion's own number, then the next free ones.
    /// </summary>
    public static IReadOnlyDictionary<string, int> Colors(IEnumerable<ComparedFrame> frames)
    {
        var (colors, known) = (new Dictionary<string, int>(), frames.ToList());
        foreach (var seen in known.SelectMany(frame => frame.Champion)) colors.TryAdd(seen.Name, seen.Class);
        var next = colors.Count == 0 ? 0 : colors.Values.Max() + 1;
        foreach (var name in known.SelectMany(frame => frame.Model).Select(seen => seen.Name).Distinct().Order(StringComparer.Ordinal))
            if (colors.TryAdd(name, next)) next++;
        return colors;
    }
}
