using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace RetrainLoop.Training.Optimization;

/// <summary>The optimiser of a net.</summary>
public static class WeightGroups
{
    const double Decay = 5e-4;

    /// <summary>AdamW (Loshchilov and Hutter 2019). Convolution weights decay; biases and batch norm do not.</summary>
    public static AdamW AdamW(Module net, double rate)
    {
        var parameters = net.parameters().ToList();
        return optim.AdamW(new List<AdamW.ParamGroup>
        {
            new(parameters.Where(p => p.dim() > 1), new AdamW.Options { LearningRate = rate, InitialLearningRate = rate, weight_decay = Decay }),
            new(parameters.Where(p => p.dim() <= 1), new AdamW.Options { LearningRate = rate, InitialLearningRate = rate, weight_decay = 0 }),
        }, lr: rate);
    }
}
