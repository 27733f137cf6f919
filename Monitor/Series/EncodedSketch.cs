namespace RetrainLoop.Monitor.Series;

/// <summary>The parts of a sketch that are stored and read apart, because hardly a question needs all.</summary>
[Flags]
public enum SketchParts
{
    /// <summary>Outcomes, detections per request, and per class the count and sums of confidence: always read.</summary>
    Counts = 0,
    /// <summary>Total latency.</summary>
    Latency = 1,
    /// <summary>Latency of every other stage.</summary>
    Stages = 2,
    /// <summary>Per class: confidence, area, width, height, and width by height.</summary>
    Distributions = 4,
    /// <summary>Brightness and sharpness.</summary>
    Images = 8,
    All = Latency | Stages | Distributions | Images,
}

/// <summary>The parts as bytes; an empty one holds nothing, or was not read.</summary>
public readonly ref struct EncodedSketch(
    ReadOnlySpan<byte> counts, ReadOnlySpan<byte> latency, ReadOnlySpan<byte> stages, ReadOnlySpan<byte> distributions, ReadOnlySpan<byte> images)
{
    public ReadOnlySpan<byte> Counts { get; } = counts;
    public ReadOnlySpan<byte> Latency { get; } = latency;
    public ReadOnlySpan<byte> Stages { get; } = stages;
    public ReadOnlySpan<byte> Distributions { get; } = distributions;
    public ReadOnlySpan<byte> Images { get; } = images;

    /// <summary>Without the distributions of detections and images, which nobody reads by the second.</summary>
    public EncodedSketch WithoutDistributions() => new(Counts, Latency, Stages, default, default);
}
