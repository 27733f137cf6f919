namespace RetrainLoop.Labeling.Ranking;

/// <summary>
/// Uncertainty of a frame from the confidences of its detections, each in [0, 1]. Least confidence, margin and entropy after B. Settles, "Active
/// Learning Literature Survey" (2009), section 3.1; each detection is a binary question (object or not), so the margin is the distance to 0.5.
/// A frame without detections has uncertainty 0.
/// </summary>
public static class Uncertainty
{
    /// <summary>1 - c of the least confident detection, [0, 1].</summary>
    public static double LeastConfidenceMax(IReadOnlyList<double> confidences) => confidences.Count == 0 ? 0 : 1 - confidences.Min();

    /// <summary>Mean of 1 - c, [0, 1].</summary>
    public static double LeastConfidenceMean(IReadOnlyList<double> confidences) => confidences.Count == 0 ? 0 : confidences.Average(c => 1 - c);

    /// <summary>Smallest |c - 0.5|, [0, 0.5]: smaller = more uncertain; 0.5 without detections.</summary>
    public static double MarginToHalfMin(IReadOnlyList<double> confidences) => confidences.Count == 0 ? 0.5 : confidences.Min(c => Math.Abs(c - 0.5));

    /// <summary>Sum of the binary entropies, nats; at least 0.</summary>
    public static double BinaryEntropySum(IReadOnlyList<double> confidences) => confidences.Sum(BinaryEntropy);

    /// <summary>Mean of the binary entropies, nats, [0, ln 2].</summary>
    public static double BinaryEntropyMean(IReadOnlyList<double> confidences) => confidences.Count == 0 ? 0 : confidences.Average(BinaryEntropy);

    /// <summary>-c ln c - (1 - c) ln(1 - c), nats, [0, ln 2].</summary>
    public static double BinaryEntropy(double confidence) =>
        confidence is <= 0 or >= 1 ? 0 : -confidence * Math.Log(confidence) - (1 - confidence) * Math.Log(1 - confidence);
}
