using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Drift;

/// <summary>A signal that drift is watched on.</summary>
/// <param name="Decides">Whether the report's level follows it.</param>
/// <param name="AddTo">Adds what a sketch holds of it to a histogram.</param>
/// <param name="ValueOf">The value that stands for a bin's members.</param>
public sealed record Signal(string Name, bool Decides, Action<SeriesSketch, Histogram> AddTo, Func<int, double> ValueOf)
{
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
    public const string ConfidenceName = "confidence", BoxAreaName = "boxArea";

    public static readonly IReadOnlyList<Signal> All =
    [
        OfClasses(ConfidenceName, decides: true, detected => detected.Confidence, SignalBins.Confidence.Middle),
        OfClasses(BoxAreaName, decides: true, detected => detected.Area, SignalBins.RelativeSize.Middle),
        OfClasses("boxWidth", decides: false, detected => detected.Width, SignalBins.RelativeSize.Middle),
        OfClasses("boxHeight", decides: false, detected => detected.Height, SignalBins.RelativeSize.Middle),
        new("detectionsPerRequest", false, (sketch, sum) => sum.Add(sketch.DetectionsPerRequest), SignalBins.DetectionsPerRequest.LowerEdge),
        new("brightness", false, (sketch, sum) => sum.Add(sketch.Brightness), SignalBins.Brightness.Middle),
        new("sharpness", false, (sketch, sum) => sum.Add(sketch.Sharpness), SignalBins.Sharpness.Middle),
    ];

    static Signal OfClasses(string name, bool decides, Func<ClassSketch, Histogram> histogram, Func<int, double> valueOf) => new(name, decides,
        (sketch, sum) =>
        {
            foreach (var detected in sketch.Classes.Values) sum.Add(histogram(detected));
        },
        valueOf);
}
