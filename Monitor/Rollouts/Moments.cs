using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Monitor.Rollouts;

/// <summary>Count, mean and variance of a sample.</summary>
readonly record struct Moments(long Count, double Mean, double Variance)
{
    public static Moments OfConfidence(SeriesSketch sketch) => Of(sketch.Detections,
        sketch.Classes.Values.Sum(detected => detected.ConfidenceSum), sketch.Classes.Values.Sum(detected => detected.ConfidenceSumOfSquares));

    /// <summary>Of a histogram whose bins are the values.</summary>
    public static Moments OfCounts(SparseHistogram histogram)
    {
        double sum = 0, squares = 0;
        for (var i = 0; i < histogram.Bins.Count; i++)
        {
            sum += (double)histogram.Bins[i] * histogram.Counts[i];
            squares += (double)histogram.Bins[i] * histogram.Bins[i] * histogram.Counts[i];
        }
        return Of(histogram.Total, sum, squares);
    }

    /// <summary>One-sided p of Welch's test, normal approximation, that the first mean is not smaller.</summary>
    public static double PValueOfFall(Moments now, Moments before)
    {
        var error = Math.Sqrt(now.Variance / now.Count + before.Variance / before.Count);
        return error == 0 ? now.Mean < before.Mean ? 0 : 1 : Normal.UpperTail((before.Mean - now.Mean) / error);
    }

    static Moments Of(long count, double sum, double squares)
    {
        if (count == 0) return default;
        var mean = sum / count;
        return new Moments(count, mean, Math.Max(0, squares / count - mean * mean));
    }
}
