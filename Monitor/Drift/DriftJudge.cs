using System.Globalization;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Monitor.Drift;

/// <summary>Compares a window with a baseline, signal by signal. Pure.</summary>
public static class DriftJudge
{
    /// <summary>One signal's statistics and what they say together.</summary>
    public static SignalDrift Compare(Signal signal, SignalSample baseline, SignalSample current, DriftOptions options)
    {
        var (distance, _) = BinnedDistributions.KolmogorovSmirnov(baseline.Histogram, current.Histogram);
        var comparable = baseline.Count > 0 && current.Count > 0;
        var plain = comparable ? KolmogorovSmirnov.AsymptoticPValue(distance, baseline.Count, current.Count) : 1;
        var corrected = comparable ? KolmogorovSmirnov.AsymptoticPValue(distance, baseline.EffectiveSize, current.EffectiveSize) : 1;
        var edges = Cells.QuantileEdges(baseline.Histogram);
        var (level, explanation) = Judge(signal, baseline, current, distance, plain, corrected, options);
        return new SignalDrift(signal.Name, level, distance, plain,
            comparable ? PopulationStability.Index(Cells.Count(baseline.Histogram, edges), Cells.Count(current.Histogram, edges)) : 0,
            comparable ? Wasserstein.Distance(baseline.Histogram, current.Histogram, signal.ValueOf) : 0,
            baseline.Count, current.Count, current.EffectiveSize, corrected,
            signal.Mean(baseline.Histogram) ?? 0, signal.Mean(current.Histogram) ?? 0, explanation);
    }

    /// <summary>Drift if a deciding signal drifted; else Inconclusive if one could not be judged, so that silence is never called stable.</summary>
    public static DriftLevel Overall(IReadOnlyList<SignalDrift> signals)
    {
        var deciding = Signals.All.Where(signal => signal.Decides)
            .Select(signal => signals.FirstOrDefault(drift => drift.Signal == signal.Name)?.Level ?? DriftLevel.Inconclusive).ToList();
        return deciding.Contains(DriftLevel.Drift) ? DriftLevel.Drift
            : deciding.Contains(DriftLevel.Inconclusive) ? DriftLevel.Inconclusive
            : deciding.Max();
    }

    static (DriftLevel Level, string Explanation) Judge(
        Signal signal, SignalSample baseline, SignalSample current, double distance, double plain, double corrected, DriftOptions options)
    {
        if (current.Count == 0) return (DriftLevel.Inconclusive, $"The window holds no {signal.Name} at all.");
        if (baseline.Count == 0) return (DriftLevel.Inconclusive, $"The baseline holds no {signal.Name}.");
        if (current.Count < options.MinimumCount)
            return (DriftLevel.Inconclusive, Text($"Only {current.Count} values, {options.MinimumCount} are needed."));
        if (current.Blocks < options.MinimumBlocks)
            return (DriftLevel.Inconclusive, Text($"Only {current.Blocks} blocks of time hold values, {options.MinimumBlocks} are needed."));
        var numbers = Text($"D = {distance:0.000}, p = {corrected:0.###e+0} at effective n = {current.EffectiveSize:0} of {current.Count}");
        if (corrected < options.Significance && distance >= options.MinimumDistance) return (DriftLevel.Drift, $"Shifted: {numbers}.");
        if (plain < options.Significance)
            return (DriftLevel.KsOnly, distance < options.MinimumDistance
                ? Text($"The plain test rejects, but the shift is under {options.MinimumDistance:0.###}: {numbers}.")
                : $"The plain test rejects, but correlated frames explain it: {numbers}.");
        return (DriftLevel.Stable, $"Unchanged: {numbers}.");
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
