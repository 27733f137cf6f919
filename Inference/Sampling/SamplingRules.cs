namespace RetrainLoop.Inference.Sampling;

/// <summary>What a frame shows, for the rules.</summary>
/// <param name="Detections">At the operating point, or down to the confidence band where that begins lower.</param>
readonly record struct FrameContent(ModelRef Model, IReadOnlyList<Detection> Detections, int Width, int Height, ImageStatistics Statistics);

/// <summary>The rules by which a frame is worth keeping. Pure.</summary>
static class SamplingRules
{
    const float SamePlace = 0.5f;

    /// <summary>The first rule that a frame fulfils: drift score, class, low margin, confidence band, empty frame.</summary>
    /// <param name="operatingPoint">A frame is empty when nothing scores above it.</param>
    public static SampleReason? ReasonOf(SamplingPolicy policy, in FrameContent frame, double operatingPoint, DateTimeOffset now)
    {
        if (policy.DriftScore is { } rule && now < rule.Until && rule.Table.Model == frame.Model && Score(rule.Table, frame, operatingPoint) >= rule.Threshold)
            return SampleReason.DriftScore;
        bool empty = true, unsure = false;
        foreach (var detection in frame.Detections)
        {
            unsure |= detection.Confidence >= policy.BandLow && detection.Confidence < policy.BandHigh;
            if (detection.Confidence <= operatingPoint) continue;
            empty = false;
            if (policy.Classes is { Count: > 0 } wanted && wanted.Contains(detection.Name)) return SampleReason.Class;
        }
        if (policy.LowMargin > 0 && Margin(frame.Detections, (float)policy.LowMargin) < (float)policy.LowMargin) return SampleReason.LowMargin;
        if (unsure) return SampleReason.ConfidenceBand;
        return empty && policy.KeepEmptyFrames ? SampleReason.EmptyFrame : null;
    }

    /// <summary>
    /// The smallest difference in confidence between two detections of different classes at one place (IoU at least 0.5): how sure the model is of
    /// the class where it is least sure. Suppression works within a class, so what every head still claims for a place is here. 1 when no place is
    /// contested.
    /// </summary>
    /// <param name="detections">Best first.</param>
    /// <param name="within">Larger differences are of no interest and come out as this.</param>
    public static float Margin(IReadOnlyList<Detection> detections, float within = 1)
    {
        var smallest = within;
        for (var i = 0; i < detections.Count; i++)
            for (var k = i + 1; k < detections.Count; k++)
            {
                var (a, b) = (detections[i], detections[k]);
                var difference = a.Confidence - b.Confidence;
                if (difference >= smallest) break; // so are those that follow
                if (a.Class != b.Class && Box.IoU(a.ToBox(), b.ToBox()) >= SamePlace) smallest = difference;
            }
        return smallest;
    }

    /// <summary>
    /// Sum of the log-likelihood ratios of everything that the frame shows: each detection's confidence and relative size, the number of detections,
    /// brightness and sharpness. Signals and bins that the table lacks add nothing.
    /// </summary>
    /// <param name="operatingPoint">Only detections above it count, as in the telemetry that the table was made of.</param>
    public static double Score(LikelihoodRatioTable table, in FrameContent frame, double operatingPoint)
    {
        var count = 0;
        double score = Of(table, "brightness", SignalBins.Brightness.IndexOf(frame.Statistics.Brightness))
            + Of(table, "sharpness", SignalBins.Sharpness.IndexOf(frame.Statistics.Sharpness));
        foreach (var detection in frame.Detections)
        {
            if (detection.Confidence <= operatingPoint) continue;
            count++;
            double width = detection.Width / frame.Width, height = detection.Height / frame.Height;
            score += Of(table, "confidence", SignalBins.Confidence.IndexOf(detection.Confidence))
                + Of(table, "boxArea", SignalBins.RelativeSize.IndexOf(width * height))
                + Of(table, "boxWidth", SignalBins.RelativeSize.IndexOf(width))
                + Of(table, "boxHeight", SignalBins.RelativeSize.IndexOf(height));
        }
        return score + Of(table, "detectionsPerRequest", SignalBins.DetectionsPerRequest.IndexOf(count));
    }

    static double Of(LikelihoodRatioTable table, string signal, int bin) =>
        table.Signals.TryGetValue(signal, out var ratios) && bin < ratios.Count ? ratios[bin] : 0;
}
