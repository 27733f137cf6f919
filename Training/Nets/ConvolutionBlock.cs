using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace RetrainLoop.Training.Nets;

/// <summary>Convolution, batch norm, SiLU: the brick of all stages. Padding keeps the size at stride 1.</summary>
public sealed class ConvolutionBlock : Module<Tensor, Tensor>
{
    readonly Conv2d convolution;
    readonly BatchNorm2d norm;

    public ConvolutionBlock(int inputs, int outputs, int kernel, int stride = 1) : base(nameof(ConvolutionBlock))
    {
        (Kernel, Stride) = (kernel, stride);
        convolution = Conv2d(inputs, outputs, (long)kernel, stride: stride, padding: kernel / 2, bias: false);
        norm = BatchNorm2d(outputs, eps: 1e-3, momentum: 0.03);
        RegisterComponents();
    }

    public int Kernel { get; }
    public int Stride { get; }

    public override Tensor forward(Tensor x)
    {
        using var convolved = convolution.forward(x);
        return functional.silu(norm.forward(convolved), inplace: true);
    }

    /// <summary>Weight and bias of the one convolution that equals convolution and batch norm in evaluation mode.</summary>
    public (Tensor Weight, Tensor Bias) Fused()
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var scale = norm.weight! / (norm.running_var! + norm.eps).sqrt();
        var weight = convolution.weight! * scale.view(-1, 1, 1, 1);
        var bias = norm.bias! - norm.running_mean! * scale;
        return (weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope());
    }
}
