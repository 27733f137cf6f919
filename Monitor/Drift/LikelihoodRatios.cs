using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Monitor.Drift;

/// <summary>How much more likely each value is now than in the baseline; frames that sum to much carry the drift.</summary>
public static class LikelihoodRatios
{
    const int CellCount = 20;

    /// <summary>
    /// ln P(bin | now) / P(bin | baseline) for each bin from 0 to the highest seen. Bins are pooled into up to 20 cells that split the mixture of
    /// both windows evenly, and each cell starts with half a count, so that a single rare value cannot weigh much.
    /// </summary>
    public static IReadOnlyList<double> Of(SparseHistogram baseline, SparseHistogram current)
    {
        if (baseline.Total == 0 || current.Total == 0) return [];
        var edges = Cells.QuantileEdges(Mixture(baseline, current), CellCount);
        var (before, now) = (Cells.Count(baseline, edges), Cells.Count(current, edges));
        var ratios = new double[before.Length];
        for (var cell = 0; cell < ratios.Length; cell++)
            ratios[cell] = Math.Round(
                Math.Log((now[cell] + 0.5) / (current.Total + 0.5 * now.Length)) - Math.Log((before[cell] + 0.5) / (baseline.Total + 0.5 * now.Length)), 4);
        var bins = Math.Max(baseline.Bins[^1], current.Bins[^1]) + 1;
        return [.. Enumerable.Range(0, bins).Select(bin => ratios[Cells.IndexOf<int>(edges, bin)])];
    }

    public static LikelihoodRatioTable Between(ModelRef model, SignalWindow baseline, SignalWindow current)
    {
        var signals = Signals.For([]);
        return Table(model, signals.ToDictionary(signal => signal.Name, signal => SignalSample.Of(signal, baseline)),
            signals.Select(signal => SignalSample.Of(signal, current)));
    }

    /// <summary>Of every signal that both windows hold; class names are no bins that a frame could look up.</summary>
    public static LikelihoodRatioTable Table(ModelRef model, IReadOnlyDictionary<string, SignalSample> baseline, IEnumerable<SignalSample> current) =>
        new(model, current.Where(sample => sample.Signal != Signals.ClassMixName && sample.Count > 0 && baseline.GetValueOrDefault(sample.Signal) is { Count: > 0 })
            .ToDictionary(sample => sample.Signal, sample => Of(baseline[sample.Signal].Histogram, sample.Histogram)));

    /// <summary>Both windows with equal weight, whatever their sizes.</summary>
    static SparseHistogram Mixture(SparseHistogram a, SparseHistogram b) => SparseHistogram.Merge([Scaled(a), Scaled(b)]);

    static SparseHistogram Scaled(SparseHistogram histogram)
    {
        const double Weight = 1e6;
        double total = histogram.Total;
        return histogram with { Counts = [.. histogram.Counts.Select(count => Math.Max(1, (long)(count / total * Weight)))] };
    }
}
