using System.Buffers;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>The interpolated precision-recall curve of the COCO protocol.</summary>
static class PrecisionCurve
{
    // numpy.spacing(1), which pycocotools adds to the denominator.
    const double Spacing = 2.220446049250313e-16;

    /// <summary>The mean over the 101 recall thresholds r of the highest precision reached at a recall of at least r.</summary>
    /// <param name="outcomes">In falling order of score.</param>
    /// <param name="images">Image index per detection, to look up its weight.</param>
    /// <param name="draws">Weight per image; empty = 1.</param>
    /// <param name="positives">Weighted number of objects, &gt; 0.</param>
    public static double Average(ReadOnlySpan<MatchOutcome> outcomes, int[] images, ReadOnlySpan<int> draws, long positives)
    {
        var recalls = ArrayPool<double>.Shared.Rent(outcomes.Length + 1);
        var precisions = ArrayPool<double>.Shared.Rent(outcomes.Length + 1);
        long right = 0, wrong = 0;
        var points = 0;
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] == MatchOutcome.Ignored) continue;
            var weight = draws.IsEmpty ? 1 : draws[images[i]];
            if (weight == 0) continue;
            if (outcomes[i] == MatchOutcome.FalsePositive)
            {
                wrong += weight;
                continue;
            }
            right += weight;
            // Only a true positive raises recall, and precision is highest right after one: the other points cannot show in the envelope.
            recalls[points] = (double)right / positives;
            precisions[points++] = right / (wrong + right + Spacing);
        }
        var average = Sample(recalls.AsSpan(0, points), precisions.AsSpan(0, points));
        ArrayPool<double>.Shared.Return(recalls);
        ArrayPool<double>.Shared.Return(precisions);
        return average;
    }

    /// <summary>The interpolated precision at each of the 101 recall thresholds and the confidence at which it is reached; 0 where it never is.</summary>
    /// <param name="scores">In falling order, beside <paramref name="outcomes"/>.</param>
    public static (double[] Precision, double[] Confidence) Points(ReadOnlySpan<MatchOutcome> outcomes, ReadOnlySpan<double> scores, long positives)
    {
        var thresholds = CocoProtocol.RecallThresholds;
        var (precision, confidence) = (new double[thresholds.Length], new double[thresholds.Length]);
        var (next, right, wrong) = (0, 0L, 0L);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] == MatchOutcome.TruePositive) right++;
            else if (outcomes[i] == MatchOutcome.FalsePositive) wrong++;
            for (; next < thresholds.Length && (double)right / positives >= thresholds[next]; next++) confidence[next] = scores[i];
            // The precision here holds for every recall up to this one.
            var here = right / (wrong + right + Spacing);
            for (var r = next - 1; r >= 0 && precision[r] < here; r--) precision[r] = here;
        }
        return (precision, confidence);
    }

    static double Sample(ReadOnlySpan<double> recalls, ReadOnlySpan<double> precisions)
    {
        var thresholds = CocoProtocol.RecallThresholds;
        double sum = 0, highest = 0;
        var point = recalls.Length - 1;
        for (var r = thresholds.Length - 1; r >= 0; r--)
        {
            for (; point >= 0 && recalls[point] >= thresholds[r]; point--) highest = Math.Max(highest, precisions[point]);
            sum += highest;
        }
        return sum / thresholds.Length;
    }
}
