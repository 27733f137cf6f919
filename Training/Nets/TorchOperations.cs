using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace RetrainLoop.Training.Nets;

/// <summary>Runs a net on tensors.</summary>
public sealed class TorchOperations : IOperations<Tensor>
{
    public static TorchOperations Instance { get; } = new();

    public Tensor Convolve(ConvolutionBlock block, Tensor x) => block.forward(x);

    public Tensor Project(TorchSharp.Modules.Conv2d convolution, Tensor x) => convolution.forward(x);

    public Tensor Add(Tensor a, Tensor b) => a + b;

    public Tensor Concatenate(params ReadOnlySpan<Tensor> parts) => cat(parts.ToArray(), 1);

    public (Tensor First, Tensor Second) Halve(Tensor x, int channels) => (x.narrow(1, 0, channels), x.narrow(1, channels, channels));

    public Tensor MaximumPool(Tensor x) => functional.max_pool2d(x, [5L, 5L], [1L, 1L], [2L, 2L]);

    public Tensor Upsample(Tensor x) => functional.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Nearest);

    public Tensor Flatten(Tensor x, int channels) => x.flatten(2);

    public Tensor ConcatenateLevels(params ReadOnlySpan<Tensor> levels) => cat(levels.ToArray(), 2);

    public Tensor AveragePool(Tensor x) => x.mean([2, 3]);
}
