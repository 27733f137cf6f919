using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Monitor.Drift;

/// <summary>One signal of two windows, measured but not yet judged: the family of signals decides together.</summary>
/// <param name="Test">Null when either window is empty.</param>
/// <param name="ComparableShare">Share of the current values whose camera and part of the day the baseline has too.</param>
public sealed record SignalComparison(
    Signal Signal, SignalSample Baseline, SignalSample Current, BlockPlan Plan, PermutationResult? Test, double ComparableShare)
{
    /// <summary>So many cells that a distance on them falls short of the one on all bins by little.</summary>
    const int MostCells = 50;

    public static SignalComparison Of(Signal signal, SignalWindow baseline, SignalWindow current, BlockPlan plan, DriftOptions options)
    {
        var (before, now) = (SignalSample.Of(signal, baseline), SignalSample.Of(signal, current));
        if (before.Count == 0 || now.Count == 0) return new SignalComparison(signal, before, now, plan, null, 0);
        var (cells, cellOf) = CellsOf(signal, SparseHistogram.Merge([before.Histogram, now.Histogram]));
        var blocks = plan.Lay(signal, baseline, current, cells, cellOf);
        return new SignalComparison(signal, before, now, plan, BlockPermutation.Test(blocks, options.Permutations), blocks.ComparableShare());
    }

    /// <summary>About equally filled cells of both windows together, which no exchange of blocks changes; classes stay what they are.</summary>
    static (int Cells, Func<int, int> CellOf) CellsOf(Signal signal, SparseHistogram pooled)
    {
        if (signal.IsMix) return (pooled.Bins[^1] + 1, bin => bin);
        var edges = Cells.QuantileEdges(pooled, MostCells);
        return (edges.Length + 1, bin => Cells.IndexOf<int>(edges, bin));
    }

    /// <summary>The plain statistics, as if every value were independent.</summary>
    public (double Distance, double PValue) Plain()
    {
        if (Test is null) return (0, 1);
        if (Signal.IsMix)
        {
            var (before, now) = (Dense(Baseline.Histogram), Dense(Current.Histogram));
            return (ChiSquare.TotalVariation(before, now), ChiSquare.Test(before, now).PValue);
        }
        var (distance, _) = BinnedDistributions.KolmogorovSmirnov(Baseline.Histogram, Current.Histogram);
        return (distance, KolmogorovSmirnov.AsymptoticPValue(distance, Baseline.Count, Current.Count));
    }

    /// <summary>PSI, Jensen-Shannon (over the baseline's deciles, or classes) and Wasserstein (0 for classes).</summary>
    public (double Psi, double JensenShannon, double Wasserstein) Distances()
    {
        if (Test is null) return (0, 0, 0);
        var edges = Cells.QuantileEdges(Baseline.Histogram);
        var (before, now) = Signal.IsMix
            ? (Dense(Baseline.Histogram), Dense(Current.Histogram))
            : (Cells.Count(Baseline.Histogram, edges), Cells.Count(Current.Histogram, edges));
        return (PopulationStability.Index(before, now), JensenShannon.Distance(before, now),
            Signal.IsMix ? 0 : Wasserstein.Distance(Baseline.Histogram, Current.Histogram, Signal.ValueOf));
    }

    /// <summary>Means of both windows; of a class mix the shares of the class that changed most.</summary>
    public (double Baseline, double Current) Means()
    {
        if (!Signal.IsMix || Test is null) return (Signal.Mean(Baseline.Histogram) ?? 0, Signal.Mean(Current.Histogram) ?? 0);
        return Dense(Baseline.Histogram).Zip(Dense(Current.Histogram), (before, now) => (before / (double)Baseline.Count, now / (double)Current.Count))
            .MaxBy(shares => Math.Abs(shares.Item1 - shares.Item2));
    }

    long[] Dense(SparseHistogram histogram)
    {
        var counts = new long[Math.Max(Baseline.Histogram.Bins[^1], Current.Histogram.Bins[^1]) + 1];
        for (var i = 0; i < histogram.Bins.Count; i++) counts[histogram.Bins[i]] = histogram.Counts[i];
        return counts;
    }
}
