namespace RetrainLoop.Web.Pages.Comparisons;

/// <summary>Which boxes two models have in common. Pure.</summary>
public static class BoxAgreement
{
    const float LeastIoU = 0.5f;

    /// <summary>
    /// Per detection of each side whether the other side lacks it. Best confidence first, each takes the free box of its class with the highest IoU,
    /// if that is at least 0.5: the rule by which Inference counts agreements.
    /// </summary>
    public static (IReadOnlyList<bool> First, IReadOnlyList<bool> Second) Alone(IReadOnlyList<Detection> first, IReadOnlyList<Detection> second)
    {
        var (firstAlone, secondAlone) = (Enumerable.Repeat(true, first.Count).ToArray(), Enumerable.Repeat(true, second.Count).ToArray());
        foreach (var index in Enumerable.Range(0, first.Count).OrderByDescending(index => first[index].Confidence))
        {
            var best = Enumerable.Range(0, second.Count)
                .Where(other => secondAlone[other] && second[other].Class == first[index].Class)
                .Select(other => (Other: other, IoU: Box.IoU(first[index].ToBox(), second[other].ToBox())))
                .DefaultIfEmpty((Other: -1, IoU: 0)).MaxBy(pair => pair.IoU);
            if (best.IoU < LeastIoU) continue;
            firstAlone[index] = secondAlone[best.Other] = false;
        }
        return (firstAlone, secondAlone);
    }
}
