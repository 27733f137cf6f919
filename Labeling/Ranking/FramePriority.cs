using System.Buffers.Binary;

namespace RetrainLoop.Labeling.Ranking;

/// <summary>The order in which frames are labelled.</summary>
public static class FramePriority
{
    /// <summary>
    /// Uncertainty in [0, 1], 1 = most useful to label: the weighted mean of 1 - 2 * margin, entropy / ln 2 and 1 - c, the latter two as means
    /// over the detections weighted by class. Frames without a detection get <see cref="RankingOptions.EmptyFramePriority"/>.
    /// </summary>
    public static double Of(IReadOnlyList<Detection> detections, RankingOptions options)
    {
        double entropy = 0, leastConfidence = 0, weights = 0, margin = 0.5;
        foreach (var detection in detections.Where(detection => detection.Confidence >= options.MinimumConfidence))
        {
            var weight = options.ClassWeights.GetValueOrDefault(detection.Name, 1);
            entropy += weight * Uncertainty.BinaryEntropy(detection.Confidence) / Math.Log(2);
            leastConfidence += weight * (1 - detection.Confidence);
            weights += weight;
            if (weight > 0) margin = Math.Min(margin, Math.Abs(detection.Confidence - 0.5));
        }
        var total = options.MarginWeight + options.EntropyWeight + options.LeastConfidenceWeight;
        if (weights <= 0 || total <= 0) return options.EmptyFramePriority;
        var sum = options.MarginWeight * (1 - 2 * margin)
            + options.EntropyWeight * entropy / weights + options.LeastConfidenceWeight * leastConfidence / weights;
        return Math.Clamp(sum / total, 0, 1);
    }

    /// <summary>
    /// Rank of an evaluation-side frame: newest day (UTC) first, in random order within the day. Never by content: a holdout that fills with the
    /// uncertain frames first would not be an unbiased sample while it fills.
    /// </summary>
    public static double OfEvaluation(Guid frame, DateTimeOffset capturedAt)
    {
        Span<byte> bytes = stackalloc byte[16];
        frame.TryWriteBytes(bytes);
        Span<byte> hash = stackalloc byte[32];
        System.Security.Cryptography.SHA256.HashData(bytes, hash);
        return Math.Floor((capturedAt - DateTimeOffset.UnixEpoch).TotalDays) + BinaryPrimitives.ReadUInt32BigEndian(hash) / 4294967296.0;
    }

    /// <summary>
    /// Whether the n-th claim belongs to the evaluation lane: spread evenly, of any n claims in a row share * n do, rounded up or down.
    /// </summary>
    /// <param name="turn">Counts claims from 1.</param>
    /// <param name="share">Share of the claims, [0, 1].</param>
    public static bool IsEvaluationTurn(long turn, double share) => Math.Floor((turn + 1) * share) > Math.Floor(turn * share);
}
