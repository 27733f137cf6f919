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

/// <summary>
/// One signal's current window against the locked baseline. Drift = the adjusted p is under the false-discovery rate and the distance at or over its
/// threshold, in the last k windows. The plain test is shown beside it and alone says no more than KsOnly.
/// </summary>
/// <param name="Signal"><c>confidence, boxArea, boxWidth, boxHeight, classMix, detectionsPerRequest, brightness, sharpness, embeddingDistance</c>.</param>
/// <param name="KsStatistic">Largest distance of the binned distribution functions, [0, 1]; of class mixes the total variation distance.</param>
/// <param name="KsPValue">Plain p with raw counts, as if values were independent: Kolmogorov-Smirnov, of class mixes chi-square.</param>
/// <param name="EffectiveSampleSize">Current window's sample size after correction for correlated frames.</param>
/// <param name="PValue">Block-permutation p: what the decision uses, before adjustment.</param>
public sealed record SignalDrift(
    string Signal, DriftLevel Level, double KsStatistic, double KsPValue, double Psi, double Wasserstein,
    long BaselineCount, long CurrentCount, double EffectiveSampleSize, double PValue, double BaselineMean, double CurrentMean, string Explanation)
{
    /// <summary>How <see cref="PValue"/> was made, for example <c>block permutation, 8 h blocks, 27 against 6</c>.</summary>
    public string Test { get; init; } = "";

    /// <summary>What is held against <see cref="DistanceThreshold"/>: the distance between like and like, same cameras and same hours of the day.</summary>
    public double Distance { get; init; }
    public double DistanceThreshold { get; init; }

    /// <summary>The distance that chance alone exceeds in 5 % of permutations: what a window of this size could have shown.</summary>
    public double DetectableDistance { get; init; }

    /// <summary><see cref="PValue"/> after Benjamini-Hochberg over the deployment's signals.</summary>
    public double FalseDiscoveryPValue { get; init; } = 1;

    /// <summary>Jensen-Shannon distance over the baseline's deciles, natural logarithm.</summary>
    public double JensenShannon { get; init; }

    /// <summary>By how much binning can have lowered <see cref="KsStatistic"/> at most.</summary>
    public double KsErrorBound { get; init; }

    /// <summary>How many of the newest consecutive windows pass the rule, up to as many as it asks for.</summary>
    public int Windows { get; init; }

    /// <summary>Cameras and classes that carry the shift, strongest first; empty without drift.</summary>
    public IReadOnlyList<DriftCarrier> Carriers { get; init; } = [];
}

/// <summary>What one camera or class has to do with a signal's shift.</summary>
/// <param name="Dimension"><c>camera</c> or <c>class</c>.</param>
/// <param name="Distance">Its own distance to its own baseline, [0, 1].</param>
/// <param name="PValue">Its own block-permutation p, adjusted over the cameras or classes.</param>
/// <param name="Share">Its part of the whole shift, [0, 1]: its distance weighted by its detections.</param>
public sealed record DriftCarrier(string Dimension, string Name, double Distance, double PValue, double Share);

/// <summary>One evaluation of drift. Level = the strongest of the signals that decide (confidence and box area by default).</summary>
public sealed record DriftReport(
    Guid Id, string Deployment, ModelRef Model, Guid Baseline, DateTimeOffset From, DateTimeOffset To, DriftLevel Level,
    IReadOnlyList<SignalDrift> Signals, LikelihoodRatioTable? LikelihoodRatios, DateTimeOffset EvaluatedAt);

/// <summary>One signal's values in the baseline and in a report's window, as shares on the same bins.</summary>
/// <param name="Unit">Unit of the edges: <c>fraction, fraction of image, count, luma, variance of Laplacian, cosine distance</c>; <c>class</c> has names instead.</param>
/// <param name="Edges">Ascending, one more than there are bins; empty for classes and the size grid.</param>
/// <param name="Baseline">Share per bin; sums to 1, or all 0 without values.</param>
public sealed record SignalDistributions(
    string Signal, string Unit, IReadOnlyList<double> Edges, IReadOnlyList<double> Baseline, IReadOnlyList<double> Current)
{
    public long BaselineCount { get; init; }
    public long CurrentCount { get; init; }

    /// <summary>Only for <c>classMix</c>: the class of each bin.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Only for <c>boxSize</c>.</summary>
    public SizeGrid? Grid { get; init; }
}

/// <summary>Box sizes on a grid, width by height relative to the image.</summary>
/// <param name="Edges">Of both axes, ascending from 0 to 1; n + 1 edges make n x n cells.</param>
/// <param name="Baseline">
/// Shares row by row: the cell of width i and height j is at [j * n + i]. Sums to 1, or all 0 without boxes; null = boxes were counted, but not their
/// width and height together, as by builds before there was a grid.
/// </param>
/// <param name="Current">Likewise.</param>
public sealed record SizeGrid(IReadOnlyList<double> Edges, IReadOnlyList<double>? Baseline, IReadOnlyList<double>? Current)
{
    /// <summary>Part of the baseline's boxes that the shares are of, [0, 1]; of the others width and height were not counted together.</summary>
    public double BaselineCoverage { get; init; } = 1;
    public double CurrentCoverage { get; init; } = 1;
}

/// <summary>A signal's comparison over one week of the deployment's zone; the report of that week with the longest window stands for it.</summary>
/// <param name="Week">Monday of the week, local date.</param>
public sealed record DriftWeek(
    DateOnly Week, Guid Report, ModelRef Model, DateTimeOffset From, DateTimeOffset To, DriftLevel Level, double KsStatistic, double KsPValue,
    double Distance, double DistanceThreshold, double FalseDiscoveryPValue, long Count);

