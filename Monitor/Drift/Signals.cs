using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Drift;

/// <summary>A signal that drift is watched on.</summary>
/// <param name="Decides">Whether the report's level follows it.</param>
/// <param name="AddTo">Adds what a sketch holds of it to a histogram.</param>
/// <param name="ValueOf">The value that stands for a bin's members.</param>
/// <param name="EdgeOf">A bin's lower edge.</param>
public sealed record Signal(
    string Name, string Unit, bool Decides, Action<SeriesSketch, Histogram> AddTo, Func<int, double> ValueOf, Func<int, double> EdgeOf)
{
    /// <summary>Whether bins are classes, which have no order.</summary>
    public bool IsMix { get; init; }

    /// <summary>Whether it is measured per detection, so that classes can be told apart.</summary>
    public bool IsOfDetections { get; init; }

    public SparseHistogram Of(SeriesSketch sketch)
    {
        var histogram = new Histogram();
        AddTo(sketch, histogram);
        return histogram.ToSparse();
    }

    /// <summary>Mean by the bins' values; null when empty.</summary>
    public double? Mean(SparseHistogram histogram)
    {
        double total = histogram.Total, sum = 0;
        for (var i = 0; i < histogram.Bins.Count; i++) sum += ValueOf(histogram.Bins[i]) * histogram.Counts[i];
        return total == 0 ? null : sum / total;
    }
}

/// <summary>The signals, in the order of reports.</summary>
public static class Signals
{
    public const string ConfidenceName = "confidence", BoxAreaName = "boxArea", ClassMixName = "classMix", EmbeddingDistanceName = "embeddingDistance";

    /// <summary>How many tests a deployment's report is a family of, whether or not each signal had values.</summary>
    public static int FamilySize { get; } = For([]).Count;

    /// <param name="classes">The class of each bin of the class mix; classes that are not listed count as one more.</param>
    public static IReadOnlyList<Signal> For(IReadOnlyList<string> classes) =>
    [
        OfClasses(ConfidenceName, "fraction", decides: true, detected => detected.Confidence, SignalBins.Confidence.Middle, SignalBins.Confidence.LowerEdge),
        OfSize(BoxAreaName, decides: true, detected => detected.Area),
        OfSize("boxWidth", decides: false, detected => detected.Width),
        OfSize("boxHeight", decides: false, detected => detected.Height),
        ClassMix(classes),
        new("detectionsPerRequest", "count", false, (sketch, sum) => sum.Add(sketch.DetectionsPerRequest),
            SignalBins.DetectionsPerRequest.LowerEdge, SignalBins.DetectionsPerRequest.LowerEdge),
        new("brightness", "luma", false, (sketch, sum) => sum.Add(sketch.Brightness), SignalBins.Brightness.Middle, SignalBins.Brightness.LowerEdge),
        new("sharpness", "variance of Laplacian", false, (sketch, sum) => sum.Add(sketch.Sharpness), SignalBins.Sharpness.Middle, LowerEdge(SignalBins.Sharpness)),
    ];

    /// <summary>
    /// Cosine distance of sampled frames' embeddings to their camera's mean in the baseline. Apart from the others, because there are frames, cells and
    /// blocks of it only where frames were sampled: see <see cref="Embeddings.EmbeddingWindows"/>.
    /// </summary>
    public static Signal EmbeddingDistance { get; } = new(EmbeddingDistanceName, "cosine distance", false,
        (sketch, sum) => sum.Add(sketch.EmbeddingDistance), SignalBins.CosineDistance.Middle, LowerEdge(SignalBins.CosineDistance));

    /// <summary>Whether a detection is of this class: bin 1, or of another: bin 0.</summary>
    public static Signal ShareOf(string name) => new(ClassMixName, "class", false, (sketch, sum) =>
    {
        foreach (var (other, detected) in sketch.Classes)
            if (detected.Count > 0) sum.Add(other == name ? 1 : 0, detected.Count);
    }, bin => bin, bin => bin)
    { IsMix = true };

    static Signal OfSize(string name, bool decides, Func<ClassSketch, Histogram> histogram) =>
        OfClasses(name, name == BoxAreaName ? "fraction of image" : "fraction of side", decides, histogram, SignalBins.RelativeSize.Middle, LowerEdge(SignalBins.RelativeSize));

    static Signal OfClasses(
        string name, string unit, bool decides, Func<ClassSketch, Histogram> histogram, Func<int, double> valueOf, Func<int, double> edgeOf) =>
        new(name, unit, decides, (sketch, sum) =>
        {
            foreach (var detected in sketch.Classes.Values) sum.Add(histogram(detected));
        }, valueOf, edgeOf)
        { IsOfDetections = true };

    static Signal ClassMix(IReadOnlyList<string> classes)
    {
        var bins = classes.Select((name, bin) => (name, bin)).ToDictionary(pair => pair.name, pair => pair.bin);
        return new(ClassMixName, "class", false, (sketch, sum) =>
        {
            foreach (var (name, detected) in sketch.Classes)
                if (detected.Count > 0) sum.Add(bins.GetValueOrDefault(name, classes.Count), detected.Count);
        }, bin => bin, bin => bin)
        { IsMix = true };
    }

    static Func<int, double> LowerEdge(LogBins bins) => bin => bin == 0 ? 0 : bins.UpperEdge(bin - 1);
}
