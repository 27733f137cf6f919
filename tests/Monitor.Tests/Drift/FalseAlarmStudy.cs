using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Drift;

namespace RetrainLoop.Tests.Monitor.Drift;

/// <summary>How often the rule decided in one kind of window.</summary>
/// <param name="PlainKs">Share in which the plain test says p &lt; 0.01.</param>
/// <param name="Permutation">Share in which the adjusted permutation p is under the false-discovery rate.</param>
/// <param name="Decision">Share in which the rule says Drift.</param>
public sealed record StudyRow(string Traffic, string Window, double PlainKs, double Permutation, double Decision, double MeanDistance, double MeanEffectiveSize);

/// <summary>
/// Plays many deployments of <see cref="SimulatedTraffic"/>: a baseline week, an unchanged week, then two days shifted by a quarter of the within-frame
/// standard deviation, and has the rule judge them with its default options.
/// </summary>
public static class FalseAlarmStudy
{
    const double Shift = 0.25 * SimulatedTraffic.WithinSd;

    /// <param name="daily">Also whether any of the unchanged week's two-day windows, one per day, fires.</param>
    public static IReadOnlyList<StudyRow> Run(int weeks, double variance, bool daily)
    {
        var played = Enumerable.Range(0, weeks).AsParallel().AsOrdered().Select(seed => Play(seed, variance, daily)).ToList();
        StudyRow Row(string traffic, string window, Func<Deployment, IEnumerable<SignalDrift>> of)
        {
            double Rate(Func<SignalDrift, bool> condition) => played.Count(deployment => of(deployment).Any(condition)) / (double)weeks;
            return new StudyRow(traffic, window, Rate(drift => drift.KsPValue < 0.01), Rate(drift => drift.FalseDiscoveryPValue <= new DriftOptions().FalseDiscoveryRate),
                Rate(drift => drift.Level == DriftLevel.Drift), played.Average(deployment => of(deployment).Average(drift => drift.Distance)),
                played.Average(deployment => of(deployment).Average(drift => drift.EffectiveSampleSize)));
        }
        List<StudyRow> rows =
        [
            Row("unchanged", "the week", deployment => [deployment.Week]),
            Row("unchanged", "two days", deployment => [deployment.TwoDays[^1]]),
            Row("shifted 0.25 sd", "the first two days", deployment => [deployment.Shifted]),
        ];
        if (daily) rows.Insert(2, Row("unchanged", "any two days of a week, judged daily", deployment => deployment.TwoDays));
        return rows;
    }

    sealed record Deployment(SignalDrift Week, IReadOnlyList<SignalDrift> TwoDays, SignalDrift Shifted);

    static Deployment Play(int seed, double variance, bool daily)
    {
        var traffic = new SimulatedTraffic(seed, variance);
        var baseline = traffic.Days(7);
        var days = Enumerable.Range(0, 7).Select(_ => traffic.Days(1)).ToList();
        var shifted = traffic.Days(2, Shift);
        SignalDrift Judge(SignalWindow window) => DriftJudge.Judge(baseline, [window], new DriftOptions()).Single(drift => drift.Signal == Signals.ConfidenceName);
        return new Deployment(Judge(SimulatedTraffic.Join(days)),
            [.. days.Zip(days.Skip(1)).Skip(daily ? 0 : 5).Select(pair => Judge(SimulatedTraffic.Join([pair.First, pair.Second])))], Judge(shifted));
    }
}
