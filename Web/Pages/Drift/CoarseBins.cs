namespace RetrainLoop.Web.Pages.Drift;

/// <summary>A distribution with so few bins that each can be seen and clicked.</summary>
/// <param name="Edges">In the signal's unit on the wire, ascending, one more than bins.</param>
public sealed record CoarseBins(IReadOnlyList<double> Edges, IReadOnlyList<double> Baseline, IReadOnlyList<double> Current)
{
    /// <summary>
    /// Leaves out empty ends (but keeps [0, 1] whole) and merges neighbours until at most <paramref name="most"/> bins are left. Shares are kept.
    /// </summary>
    public static CoarseBins Of(SignalDistributions distributions, int most, bool log)
    {
        var (first, last) = Filled(distributions);
        if (last < first) return new CoarseBins([], [], []);
        var width = (last - first + most) / most;
        List<double> edges = [], baseline = [], current = [];
        for (var bin = first; bin <= last; bin += width)
        {
            var end = Math.Min(bin + width, distributions.Baseline.Count);
            edges.Add(distributions.Edges[bin]);
            baseline.Add(Sum(distributions.Baseline, bin, end));
            current.Add(Sum(distributions.Current, bin, end));
            if (bin + width > last) edges.Add(distributions.Edges[end]);
        }
        // A logarithmic axis has no zero: the lowest bin begins half way under its upper edge.
        if (log && edges[0] <= 0) edges[0] = edges[1] / 2;
        return new CoarseBins(edges, baseline, current);
    }

    static (int First, int Last) Filled(SignalDistributions distributions)
    {
        var edges = distributions.Edges;
        if (edges.Count > 1 && edges[0] == 0 && edges[^1] == 1) return (0, distributions.Baseline.Count - 1);
        bool Has(int bin) => distributions.Baseline[bin] > 0 || distributions.Current[bin] > 0;
        var bins = Enumerable.Range(0, distributions.Baseline.Count).Where(Has).ToList();
        return bins.Count == 0 ? (0, -1) : (bins[0], bins[^1]);
    }

    static double Sum(IReadOnlyList<double> shares, int from, int to)
    {
        var sum = 0.0;
        for (var bin = from; bin < to; bin++) sum += shares[bin];
        return sum;
    }
}
