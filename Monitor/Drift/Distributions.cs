using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Drift;

/// <summary>Histograms of both windows for a chart: shares on common, coarser bins. Pure.</summary>
static class Distributions
{
    const int MostBins = 100;

    /// <param name="classes">The class of each bin of the class mix.</param>
    public static SignalDistributions Of(Signal signal, SignalWindow baseline, SignalWindow current, IReadOnlyList<string> classes)
    {
        var (before, now) = (Sum(signal, baseline), Sum(signal, current));
        if (signal.IsMix)
            return new SignalDistributions(signal.Name, signal.Unit, [], Shares(before, 0, 1, classes.Count), Shares(now, 0, 1, classes.Count))
            {
                Names = classes, BaselineCount = before.Total, CurrentCount = now.Total,
            };
        var (first, last) = Range(signal, before, now);
        var width = (last - first) / MostBins + 1;
        var bins = (last - first) / width + 1;
        return new SignalDistributions(signal.Name, signal.Unit, [.. Enumerable.Range(0, bins + 1).Select(i => signal.EdgeOf(first + i * width))],
            Shares(before, first, width, bins), Shares(now, first, width, bins))
        {
            BaselineCount = before.Total, CurrentCount = now.Total,
        };
    }

    static SparseHistogram Sum(Signal signal, SignalWindow window)
    {
        var sum = new Histogram();
        foreach (var cell in window.Cells) signal.AddTo(cell.Sketch, sum);
        return sum.ToSparse();
    }

    /// <summary>All of [0, 1] for confidences, so that charts of different windows line up; otherwise what either window holds.</summary>
    static (int First, int Last) Range(Signal signal, SparseHistogram before, SparseHistogram now)
    {
        if (signal.Name == Signals.ConfidenceName) return (0, SignalBins.Confidence.Count - 1);
        int[] bins = [.. before.Bins.Take(1), .. before.Bins.TakeLast(1), .. now.Bins.Take(1), .. now.Bins.TakeLast(1)];
        return bins.Length == 0 ? (0, 0) : (bins.Min(), bins.Max());
    }

    static double[] Shares(SparseHistogram histogram, int first, int width, int bins)
    {
        var shares = new double[bins];
        double total = histogram.Total;
        for (var i = 0; i < histogram.Bins.Count; i++) shares[Math.Min((histogram.Bins[i] - first) / width, bins - 1)] += histogram.Counts[i] / total;
        return shares;
    }
}
