using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Statistics;

namespace RetrainLoop.Monitor.Drift;

/// <summary>What a window of time holds of one signal. Baselines keep it, so that later windows can be compared when the series is gone.</summary>
/// <param name="EffectiveSize">Values it is worth after correction for correlated frames, see <see cref="DesignEffect"/>.</param>
/// <param name="Blocks">Time blocks that hold a value.</param>
public sealed record SignalSample(string Signal, SparseHistogram Histogram, double EffectiveSize, int Blocks)
{
    public long Count => Histogram.Total;

    /// <param name="blocks">Sketches per block in order of time, null where nothing happened.</param>
    public static SignalSample Of(Signal signal, IReadOnlyList<SeriesSketch?> blocks)
    {
        var perBlock = blocks.Select(block => block is null ? SparseHistogram.Empty : signal.Of(block)).ToList();
        var sum = SparseHistogram.Merge(perBlock);
        var edges = Cells.QuantileEdges(sum);
        var effect = DesignEffect.Estimate([.. perBlock.Select(block => Cells.Count(block, edges))]);
        return new SignalSample(signal.Name, sum, sum.Total / effect, perBlock.Count(block => block.Total > 0));
    }
}
