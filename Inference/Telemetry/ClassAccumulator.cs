namespace RetrainLoop.Inference.Telemetry;

/// <summary>Detections of one class in one second of one series.</summary>
sealed class ClassAccumulator
{
    long count;
    double confidenceSum, confidenceSumOfSquares;
    BinCounts confidence, area, width, height, boxSize;

    public void Add(Detection detection, int imageWidth, int imageHeight)
    {
        count++;
        confidenceSum += detection.Confidence;
        confidenceSumOfSquares += (double)detection.Confidence * detection.Confidence;
        confidence.Add(SignalBins.Confidence.IndexOf(detection.Confidence));
        double relativeWidth = detection.Width / imageWidth, relativeHeight = detection.Height / imageHeight;
        area.Add(SignalBins.RelativeSize.IndexOf(relativeWidth * relativeHeight));
        int widthBin = SignalBins.RelativeSize.IndexOf(relativeWidth), heightBin = SignalBins.RelativeSize.IndexOf(relativeHeight);
        width.Add(widthBin);
        height.Add(heightBin);
        boxSize.Add(SignalBins.BoxSize.CellOfBins(widthBin, heightBin));
    }

    public void Add(ClassAccumulator other)
    {
        count += other.count;
        confidenceSum += other.confidenceSum;
        confidenceSumOfSquares += other.confidenceSumOfSquares;
        confidence.Add(other.confidence);
        area.Add(other.area);
        width.Add(other.width);
        height.Add(other.height);
        boxSize.Add(other.boxSize);
    }

    public ClassSecond ToSecond(string name) => new(
        name, count, confidenceSum, confidenceSumOfSquares, confidence.ToHistogram(), area.ToHistogram(), width.ToHistogram(), height.ToHistogram(),
        boxSize.ToHistogram());
}
