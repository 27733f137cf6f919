namespace RetrainLoop.Web.Pages.Drift;

/// <summary>What stands out in a drift report. Pure.</summary>
public static class DriftFindings
{
    static readonly DriftLevel[] ByWeight = [DriftLevel.Drift, DriftLevel.KsOnly, DriftLevel.Inconclusive, DriftLevel.Stable];

    // What the model says counts before what the picture looks like: the latter explains the former.
    static readonly string[] OfTheModel = ["confidence", "boxArea", "boxWidth", "boxHeight", "classMix", "detectionsPerRequest"];

    /// <summary>
    /// The signal to look at first: of those that drifted the farthest over its threshold, the model's own before those of the picture; confidence when
    /// nothing moved.
    /// </summary>
    public static SignalDrift? Strongest(DriftReport report)
    {
        var drifted = report.Signals.Where(signal => signal.Level == DriftLevel.Drift)
            .OrderByDescending(signal => OfTheModel.Contains(signal.Signal)).ThenByDescending(Excess).FirstOrDefault();
        return drifted ?? report.Signals.FirstOrDefault(signal => signal.Signal == "confidence") ?? report.Signals.FirstOrDefault();
    }

    /// <summary>The gravest first, and within a level the farthest over the threshold.</summary>
    public static IReadOnlyList<SignalDrift> Ordered(DriftReport report) =>
        [.. report.Signals.OrderBy(signal => Array.IndexOf(ByWeight, signal.Level)).ThenByDescending(Excess)];

    /// <summary>Sentences behind the report's level: one of each signal that is on it.</summary>
    public static IReadOnlyList<(string Signal, string Text)> Reasons(DriftReport report) =>
        [.. Ordered(report).Where(signal => signal.Level == report.Level && signal.Explanation.Length > 0).Select(signal => (signal.Signal, signal.Explanation)).Take(4)];

    static double Excess(SignalDrift signal) => signal.DistanceThreshold > 0 ? signal.Distance / signal.DistanceThreshold : signal.KsStatistic;
}
