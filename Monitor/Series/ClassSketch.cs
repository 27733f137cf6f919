using RetrainLoop.Contracts;

namespace RetrainLoop.Monitor.Series;

/// <summary>Detections of one class at the operating point.</summary>
public sealed class ClassSketch
{
    public long Count { get; set; }
    public double ConfidenceSum { get; set; }
    public double ConfidenceSumOfSquares { get; set; }
    public Histogram Confidence { get; } = new();
    public Histogram Area { get; } = new();
    public Histogram Width { get; } = new();
    public Histogram Height { get; } = new();

    /// <summary>Width by height, on the cells of <see cref="SignalBins.BoxSize"/>; holds fewer boxes than were counted where an earlier build counted them.</summary>
    public Histogram BoxSize { get; } = new();

    public void Add(ClassSecond second)
    {
        Count += second.Count;
        ConfidenceSum += second.ConfidenceSum;
        ConfidenceSumOfSquares += second.ConfidenceSumOfSquares;
        Confidence.Add(second.Confidence);
        Area.Add(second.Area);
        Width.Add(second.Width);
        Height.Add(second.Height);
        BoxSize.Add(second.BoxSize);
    }

    public void Add(ClassSketch other)
    {
        Count += other.Count;
        ConfidenceSum += other.ConfidenceSum;
        ConfidenceSumOfSquares += other.ConfidenceSumOfSquares;
        Confidence.Add(other.Confidence);
        Area.Add(other.Area);
        Width.Add(other.Width);
        Height.Add(other.Height);
        BoxSize.Add(other.BoxSize);
    }
}
