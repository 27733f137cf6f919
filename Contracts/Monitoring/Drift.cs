namespace RetrainLoop.Contracts;

/// <summary>Two-sample statistics of plain values, exactly as scipy's <c>ks_2samp</c> and friends give them.</summary>
/// <param name="Method"><c>auto</c>, <c>exact</c> or <c>asymptotic</c>.</param>
public sealed record TwoSampleRequest(IReadOnlyList<double> A, IReadOnlyList<double> B, string Method = "auto");

/// <param name="Location">The value at which the two distribution functions differ most.</param>
/// <param name="Sign">+1 when A's distribution function is the higher one there, else -1.</param>
public sealed record KsResult(double Statistic, double PValue, double Location, int Sign);

public sealed record TwoSampleResult(KsResult Ks, double Psi, double Wasserstein, double JensenShannon, int N1, int N2);

/// <summary>What a signal's comparison says. KsOnly = the plain test rejects, the decision rule does not.</summary>
public enum DriftLevel { Stable, KsOnly, Drift, Inconclusive }

/// <summary>One signal's current window against the locked baseline.</summary>
/// <param name="Signal"><c>confidence, boxArea, boxWidth, boxHeight, detectionsPerRequest, brightness, sharpness</c>.</param>
/// <param name="KsStatistic">Largest distance of the binned distribution functions, [0, 1].</param>
/// <param name="KsPValue">Plain asymptotic p with raw counts, as if values were independent.</param>
/// <param name="EffectiveSampleSize">Current window's sample size after correction for correlated frames.</param>
/// <param name="PValue">The p the decision uses, with the effective sample sizes.</param>
public sealed record SignalDrift(
    string Signal, DriftLevel Level, double KsStatistic, double KsPValue, double Psi, double Wasserstein,
    long BaselineCount, long CurrentCount, double EffectiveSampleSize, double PValue, double BaselineMean, double CurrentMean, string Explanation);

/// <summary>One evaluation of drift. Level = the strongest of the signals that decide (confidence and box area by default).</summary>
public sealed record DriftReport(
    Guid Id, string Deployment, ModelRef Model, Guid Baseline, DateTimeOffset From, DateTimeOffset To, DriftLevel Level,
    IReadOnlyList<SignalDrift> Signals, LikelihoodRatioTable? LikelihoodRatios, DateTimeOffset EvaluatedAt);

/// <summary>What to do about what was measured; the decision table of the README.</summary>
public enum DiagnosisAction { Healthy, Watch, LabelFirst, Retrain, Investigate, InvestigateCamera, Hardware, Inconclusive }

/// <summary>The decision table executed on the newest measurements.</summary>
public sealed record Diagnosis(
    Guid Id, string Deployment, ModelRef Model, DiagnosisAction Action, string Summary, IReadOnlyList<Check> Evidence,
    Guid? DriftReport, DateTimeOffset? Since, DateTimeOffset MadeAt);
