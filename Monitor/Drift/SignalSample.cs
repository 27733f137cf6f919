using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Monitor.Drift;

/// <summary>What a window of time holds of one signal over all cameras.</summary>
/// <param name="EffectiveSize">Values it is worth after correction for correlated frames, see <see cref="DesignEffect"/>.</param>
/// <param name="Blocks">Cells of time that hold a value.</param>
public sealed record SignalSample(string Signal, SparseHistogram Histogram, double EffectiveSize, int Blocks)
{
    public long Count => Histogram.Total;

    public static SignalSample Of(Signal signal, SignalWindow window)
    {
        var perCell = window.OverCameras.Select(sketch => sketch is null ? SparseHistogram.Empty : signal.Of(sketch)).ToList();
        var histogram = new Histogram();
        foreach (var cell in perCell) histogram.Add(cell);
        var sum = histogram.ToSparse();
        var edges = Cells.QuantileEdges(sum);
        var effect = DesignEffect.Estimate([.. perCell.Select(cell => Cells.Count(cell, edges))]);
        return new SignalSample(signal.Name, sum, sum.Total / effect, perCell.Count(cell => cell.Total > 0));
    }
}
