using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace RetrainLoop.Training.Nets;

/// <summary>Two 3 x 3 convolutions, with or without a shortcut around them.</summary>
public sealed class Bottleneck : Module
{
    readonly ConvolutionBlock first, second;
    readonly bool shortcut;

    public Bottleneck(int channels, bool shortcut) : base(nameof(Bottleneck))
    {
        this.shortcut = shortcut;
        first = new ConvolutionBlock(channels, channels, 3);
        second = new ConvolutionBlock(channels, channels, 3);
        RegisterComponents();
    }

    public T Run<T>(IOperations<T> on, T x)
    {
        var y = on.Convolve(second, on.Convolve(first, x));
        return shortcut ? on.Add(x, y) : y;
    }
}
