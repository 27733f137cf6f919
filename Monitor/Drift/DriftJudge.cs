using System.Globalization;
using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Drift.Embeddings;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Monitor.Drift;

/// <summary>
/// Decides signal by signal whether the current window left the baseline. Pure. Drift = the block-permutation p, adjusted over the deployment's signals
/// (Benjamini-Hochberg), is at most q, AND the distance between like and like (same camera, same part of the day) is at least what matters, AND both hold
/// in k consecutive windows. The first condition asks whether blocks of time like these differ by chance; the second keeps out what is real but small,
/// and what p cannot know: how much days differ when the window holds only two of them.
/// </summary>
public static class DriftJudge
{
    /// <param name="windows">The newest window first, then those before it; only as many are looked at as the rule needs.</param>
    /// <param name="embeddings">Of the same windows; null = they are not watched, and the answer has no such signal.</param>
    public static IReadOnlyList<SignalDrift> Judge(
        SignalWindow baseline, IReadOnlyList<SignalWindow> windows, DriftOptions options, EmbeddingWindows? embeddings = null)
    {
        var classes = baseline.Classes.Union(windows[0].Classes).ToList();
        var newest = Measure(classes, baseline, windows[0], options, embeddings?.At(0));
        var passed = newest.ToDictionary(signal => signal.Comparison.Signal.Name, signal => Passes(signal, options) ? 1 : 0);
        for (var i = 1; i < Math.Min(options.Windows, windows.Count) && passed.ContainsValue(i); i++)
            foreach (var signal in Measure(classes, baseline, windows[i], options, embeddings?.At(i)))
                if (passed[signal.Comparison.Signal.Name] == i && Passes(signal, options)) passed[signal.Comparison.Signal.Name]++;
        var judged = newest.Select(signal => ToDrift(signal, passed[signal.Comparison.Signal.Name], options));
        return embeddings?.Missing is { } reason ? [.. judged, WithoutEmbeddings(reason, options)] : [.. judged];
    }

    /// <summary>Drift if a deciding signal drifted; else Inconclusive if one could not be judged, so that silence is never called stable.</summary>
    public static DriftLevel Overall(IReadOnlyList<SignalDrift> signals)
    {
        var deciding = Signals.For([]).Where(signal => signal.Decides)
            .Select(signal => signals.FirstOrDefault(drift => drift.Signal == signal.Name)?.Level ?? DriftLevel.Inconclusive).ToList();
        return deciding.Contains(DriftLevel.Drift) ? DriftLevel.Drift
            : deciding.Contains(DriftLevel.Inconclusive) ? DriftLevel.Inconclusive
            : deciding.Max();
    }

    /// <param name="Obstacle">Why nothing can be said, or null.</param>
    internal sealed record Measured(SignalComparison Comparison, double Adjusted, string? Obstacle);

    internal static IReadOnlyList<Measured> Measure(
        IReadOnlyList<string> classes, SignalWindow baseline, SignalWindow current, DriftOptions options,
        (SignalWindow Baseline, SignalWindow Current)? embeddings = null)
    {
        var plan = BlockPlan.Choose(baseline, current, options);
        var comparisons = Signals.For(classes).Select(signal => SignalComparison.Of(signal, baseline, current, plan, options)).ToList();
        if (embeddings is not var (before, now)) return Adjust(comparisons, Signals.FamilySize, options);
        var embedded = SignalComparison.Of(Signals.EmbeddingDistance, before, now, BlockPlan.Choose(before, now, options), options);
        // Of too few frames it is no test, and must not make the others' harder.
        return Obstacle(embedded, Signals.FamilySize + 1, options) is { } obstacle
            ? [.. Adjust(comparisons, Signals.FamilySize, options), new Measured(embedded, 1, obstacle)]
            : Adjust([.. comparisons, embedded], Signals.FamilySize + 1, options);
    }

    static IReadOnlyList<Measured> Adjust(IReadOnlyList<SignalComparison> comparisons, int family, DriftOptions options) =>
        [.. comparisons.Zip(BenjaminiHochberg.Adjust([.. comparisons.Select(comparison => comparison.Test?.PValue ?? 1)], family),
            (comparison, p) => new Measured(comparison, p, Obstacle(comparison, family, options)))];

    static bool Passes(Measured signal, DriftOptions options) => signal.Obstacle is null && signal.Adjusted <= options.FalseDiscoveryRate
        && signal.Comparison.Test!.Value.Distance >= options.LeastDistance(signal.Comparison.Signal);

    static string? Obstacle(SignalComparison comparison, int family, DriftOptions options)
    {
        var (name, plan) = (comparison.Signal.Name, comparison.Plan);
        if (comparison.Current.Count == 0) return $"The window holds no {name} at all.";
        if (comparison.Baseline.Count == 0) return $"The baseline holds no {name}.";
        if (comparison.Current.Count < options.MinimumCount) return Text($"Only {comparison.Current.Count} values, {options.MinimumCount} are needed.");
        if (Math.Min(plan.BaselineBlocks, plan.CurrentBlocks) < options.MinimumBlocks)
            return Text($"Only {plan.CurrentBlocks} blocks of {Duration(plan.Seconds)} against {plan.BaselineBlocks} of the baseline, {options.MinimumBlocks} are needed on both sides.");
        if (1 / plan.Arrangements > options.FalseDiscoveryRate / family)
            return Text($"Blocks of {Duration(plan.Seconds)} can be exchanged in {plan.Arrangements:0} ways only: no p could be small enough.");
        if (comparison.ComparableShare < 0.5)
            return Text($"Only {comparison.ComparableShare:0 %} of the values come from cameras and times of day that the baseline has.");
        return null;
    }

    static SignalDrift ToDrift(Measured signal, int windows, DriftOptions options)
    {
        var comparison = signal.Comparison;
        var test = comparison.Test ?? new PermutationResult(0, 1, 0, 0);
        var (plainDistance, plainP) = comparison.Plain();
        var (psi, jensenShannon, wasserstein) = comparison.Distances();
        var (before, now) = comparison.Means();
        var plan = comparison.Plan;
        var (level, explanation) = Explain(signal, test, plainP, windows, options);
        return new SignalDrift(comparison.Signal.Name, level, plainDistance, plainP, psi, wasserstein,
            comparison.Baseline.Count, comparison.Current.Count, comparison.Current.EffectiveSize, test.PValue, before, now, explanation)
        {
            Test = comparison.Test is null ? "" : Text($"block permutation, {plan.CurrentBlocks} blocks of {Duration(plan.Seconds)} against {plan.BaselineBlocks}, {test.Draws} draws"),
            Distance = test.Distance, DistanceThreshold = options.LeastDistance(comparison.Signal), DetectableDistance = test.ByChance, FalseDiscoveryPValue = signal.Adjusted,
            JensenShannon = jensenShannon, Windows = windows,
            KsErrorBound = comparison.Test is null || comparison.Signal.IsMix ? 0 : BinnedDistributions.ErrorBound(comparison.Baseline.Histogram, comparison.Current.Histogram),
        };
    }

    static (DriftLevel Level, string Explanation) Explain(Measured signal, PermutationResult test, double plainP, int windows, DriftOptions options)
    {
        var (comparison, least) = (signal.Comparison, options.LeastDistance(signal.Comparison.Signal));
        if (signal.Obstacle is { } obstacle) return (DriftLevel.Inconclusive, obstacle);
        var numbers = Text($"distance {test.Distance:0.000}, adjusted p = {signal.Adjusted:0.####}, effective n = {comparison.Current.EffectiveSize:0} of {comparison.Current.Count}");
        if (windows >= options.Windows) return (DriftLevel.Drift, $"Shifted: {numbers}.");
        if (plainP < options.Significance) return (DriftLevel.KsOnly, "The plain test rejects, but " + (windows > 0
            ? Text($"the shift shows in {windows} of {options.Windows} windows so far: {numbers}.")
            : signal.Adjusted > options.FalseDiscoveryRate ? $"blocks of time like these differ as much by chance: {numbers}."
            : Text($"the shift is under {least:0.###}: {numbers}.")));
        if (test.ByChance > options.BlindFactor * least)
            return (DriftLevel.Inconclusive, Text($"No shift shows, but chance alone makes distances up to {test.ByChance:0.00} in a window this small: {numbers}."));
        return (DriftLevel.Stable, $"Unchanged: {numbers}.");
    }

    static SignalDrift WithoutEmbeddings(string reason, DriftOptions options) =>
        new(Signals.EmbeddingDistanceName, DriftLevel.Inconclusive, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, reason) { DistanceThreshold = options.MinimumEmbeddingDistance };

    static string Duration(int seconds) => seconds % 3600 == 0 ? Text($"{seconds / 3600} h") : seconds % 60 == 0 ? Text($"{seconds / 60} min") : Text($"{seconds} s");

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
