using static TorchSharp.torch.nn;

namespace RetrainLoop.Training.Nets;

/// <summary>Spatial pyramid pooling, fast ("SPPF"): three 5 x 5 poolings in a row see 5, 9 and 13 pixels wide.</summary>
public sealed class SpatialPyramid : Module
{
    readonly ConvolutionBlock entry, exit;

    public SpatialPyramid(int channels) : base(nameof(SpatialPyramid))
    {
        entry = new ConvolutionBlock(channels, channels / 2, 1);
        exit = new ConvolutionBlock(channels * 2, channels, 1);
        RegisterComponents();
    }

    public T Run<T>(IOperations<T> on, T x)
    {
        var near = on.Convolve(entry, x);
        var middle = on.MaximumPool(near);
        var far = on.MaximumPool(middle);
        return on.Convolve(exit, on.Concatenate(near, middle, far, on.MaximumPool(far)));
    }
}
