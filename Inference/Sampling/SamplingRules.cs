namespace RetrainLoop.Inference.Sampling;

/// <summary>What a frame shows, for the rules.</summary>
/// <param name="Detections">At the operating point, or down to the confidence band where that begins lower.</param>
readonly record struct FrameContent(ModelRef Model, IReadOnlyList<Detection> Detections, int Width, int Height, ImageStatistics Statistics);

/// <summary>The rules by which a frame is worth keeping. Pure.</summary>
static class SamplingRules
{
    /// <summary>The first rule that a frame fulfils: drift score, confidence band, empty frame.</summary>
    /// <param name="operatingPoint">A frame is empty when nothing scores above it.</param>
    public static SampleReason? ReasonOf(SamplingPolicy policy, in FrameContent frame, double operatingPoint, DateTimeOffset now)
    {
        if (policy.DriftScore is { } rule && now < rule.Until && rule.Table.Model == frame.Model && Score(rule.Table, frame) >= rule.Threshold)
            return SampleReason.DriftScore;
        var empty = true;
        foreach (var detection in frame.Detections)
        {
            if (detection.Confidence >= policy.BandLow && detection.Confidence < policy.BandHigh) return SampleReason.ConfidenceBand;
            empty &= detection.Confidence <= operatingPoint;
        }
        return empty && policy.KeepEmptyFrames ? SampleReason.EmptyFrame : null;
    }

    /// <summary>
    /// Sum of the log-likelihood ratios of everything that the frame shows: each detection's confidence and relative size, the number of detections,
    /// brightness and sharpness. Signals and bins that the table lacks add nothing.
    /// </summary>
    public static double Score(LikelihoodRatioTable table, in FrameContent frame)
    {
        double score = Of(table, "detectionsPerRequest", SignalBins.DetectionsPerRequest.IndexOf(frame.Detections.Count))
            + Of(table, "brightness", SignalBins.Brightness.IndexOf(frame.Statistics.Brightness))
            + Of(table, "sharpness", SignalBins.Sharpness.IndexOf(frame.Statistics.Sharpness));
        foreach (var detection in frame.Detections)
        {
            double width = detection.Width / frame.Width, height = detection.Height / frame.Height;
            score += Of(table, "confidence", SignalBins.Confidence.IndexOf(detection.Confidence))
                + Of(table, "boxArea", SignalBins.RelativeSize.IndexOf(width * height))
                + Of(table, "boxWidth", SignalBins.RelativeSize.IndexOf(width))
                + Of(table, "boxHeight", SignalBins.RelativeSize.IndexOf(height));
        }
        return score;
    }

    static double Of(LikelihoodRatioTable table, string signal, int bin) =>
        table.Signals.TryGetValue(signal, out var ratios) && bin < ratios.Count ? ratios[bin] : 0;
}
