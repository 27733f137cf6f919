using RetrainLoop.Training.Nets;
using TorchSharp;
using static TorchSharp.torch;

namespace RetrainLoop.Training.Optimization;

/// <summary>
/// An exponential moving average of a net's weights and batch-norm statistics. It trails the noise of single steps and is what gets
/// validated, saved and exported.
/// </summary>
public sealed class MovingAverage : IDisposable
{
    /// <summary>The weight of the past never exceeds this.</summary>
    const double Limit = 0.998;

    readonly (Tensor Average, Tensor Live)[] pairs;

    /// <param name="live">The net that is trained.</param>
    /// <param name="average">A net of the same shape, which this object keeps and disposes.</param>
    public MovingAverage(Detector live, Detector average, int updates = 0)
    {
        (Net, Updates) = (average, updates);
        var source = live.state_dict();
        pairs = [.. average.state_dict().Select(entry => (entry.Value, source[entry.Key]))];
    }

    /// <summary>The averaged net.</summary>
    public Detector Net { get; }

    public int Updates { get; private set; }

    /// <summary>Weight of the past at an update counted from 1: short at first, so that the start is forgotten soon.</summary>
    public static double DecayAt(int update) => Math.Min(Limit, (1.0 + update) / (10.0 + update));

    public void Update()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var share = tensor((float)(1 - DecayAt(++Updates)), device: pairs[0].Average.device);
        foreach (var (average, live) in pairs)
        {
            if (average.is_floating_point()) average.lerp_(live, share);
            else average.copy_(live);
        }
    }

    public void Dispose() => Net.Dispose();
}
