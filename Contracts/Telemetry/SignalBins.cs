namespace RetrainLoop.Contracts;

/// <summary>
/// The bins of every signal. Changing one is a new telemetry version: baselines keep histograms on these edges.
/// </summary>
public static class SignalBins
{
    /// <summary>Confidence: 1,000 equal bins on [0, 1].</summary>
    public static readonly LinearBins Confidence = new(0, 1, 1000);
    /// <summary>Brightness (mean luma): 256 equal bins on [0, 256).</summary>
    public static readonly LinearBins Brightness = new(0, 256, 256);
    /// <summary>Detections per request: one bin per count, the last one holds 300 and more.</summary>
    public static readonly LinearBins DetectionsPerRequest = new(0, 301, 301);
    /// <summary>Latency in milliseconds: relative error of any quantile at most 1 %.</summary>
    public static readonly LogBins Latency = new(relativeError: 0.01, smallest: 0.001);
    /// <summary>Box area, width and height relative to the image.</summary>
    public static readonly LogBins RelativeSize = new(relativeError: 0.02, smallest: 1e-6);
    /// <summary>Box width by height: 16 x 16 cells, each 1.38 times as long as the one before, the shortest up to 0.85 % of the image's side.</summary>
    public static readonly SizeBins BoxSize = new(RelativeSize, cells: 16, binsPerCell: 8);
    /// <summary>Sharpness: variance of the Laplacian.</summary>
    public static readonly LogBins Sharpness = new(relativeError: 0.02, smallest: 0.01);
    /// <summary>Cosine distance of an embedding, in [0, 2]: pooled features have much in common, so most distances are small.</summary>
    public static readonly LogBins CosineDistance = new(relativeError: 0.02, smallest: 1e-6);
}

/// <summary>Equal-width bins on [low, high); values outside go to the first or last bin.</summary>
public sealed class LinearBins(double low, double high, int count)
{
    public int Count => count;
    public double Width => (high - low) / count;

    public int IndexOf(double value) =>
        double.IsNaN(value) ? 0 : (int)Math.Clamp(Math.Floor((value - low) / Width), 0, count - 1);

    public double LowerEdge(int bin) => low + bin * Width;
    public double Middle(int bin) => low + (bin + 0.5) * Width;
}

/// <summary>
/// Logarithmic bins after DDSketch (Masson, Rim, Lee, VLDB 2019): bin i &gt;= 1 holds (smallest * g^(i-1), smallest * g^i] with
/// g = (1 + e) / (1 - e), and its value 2 * upper / (g + 1) is within the relative error e of every member. Bin 0 holds values &lt;= smallest.
/// </summary>
public sealed class LogBins
{
    readonly double smallest, gamma, inverseLogGamma;

    public LogBins(double relativeError, double smallest)
    {
        this.smallest = smallest;
        gamma = (1 + relativeError) / (1 - relativeError);
        inverseLogGamma = 1 / Math.Log(gamma);
    }

    public int IndexOf(double value) =>
        value > smallest ? Math.Max(1, (int)Math.Ceiling(Math.Log(value / smallest) * inverseLogGamma)) : 0;

    public double UpperEdge(int bin) => smallest * Math.Pow(gamma, bin);
    public double Middle(int bin) => bin == 0 ? smallest : 2 * UpperEdge(bin) / (gamma + 1);

    /// <summary>The q-quantile, q in [0, 1], interpolating ranks linearly as numpy's default does; NaN when empty.</summary>
    public double Quantile(SparseHistogram histogram, double q)
    {
        var total = histogram.Total;
        if (total == 0) return double.NaN;
        var rank = q * (total - 1);
        var below = ValueAt(histogram, (long)Math.Floor(rank));
        var above = ValueAt(histogram, (long)Math.Ceiling(rank));
        return below + (above - below) * (rank - Math.Floor(rank));
    }

    double ValueAt(SparseHistogram histogram, long rank)
    {
        long seen = 0;
        for (var i = 0; i < histogram.Bins.Count; i++)
            if ((seen += histogram.Counts[i]) > rank) return Middle(histogram.Bins[i]);
        return Middle(histogram.Bins[^1]);
    }
}
