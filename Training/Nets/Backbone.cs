using static TorchSharp.torch.nn;

namespace RetrainLoop.Training.Nets;

/// <summary>Feature maps at strides 8, 16 and 32.</summary>
public readonly record struct Pyramid<T>(T Fine, T Middle, T Coarse);

/// <summary>From pixels to features: a stem and four stages, each at half the size of the one before.</summary>
public sealed class Backbone : Module
{
    readonly ConvolutionBlock stem, down2, down3, down4, down5;
    readonly CrossStage stage2, stage3, stage4, stage5;
    readonly SpatialPyramid pooling;

    public Backbone(NetShape shape) : base(nameof(Backbone))
    {
        var c = shape.Channels;
        stem = new ConvolutionBlock(3, c[0], 3, 2);
        down2 = new ConvolutionBlock(c[0], c[1], 3, 2);
        stage2 = new CrossStage(c[1], c[1], 1, shortcut: true);
        down3 = new ConvolutionBlock(c[1], c[2], 3, 2);
        stage3 = new CrossStage(c[2], c[2], shape.InnerDepth, shortcut: true);
        down4 = new ConvolutionBlock(c[2], c[3], 3, 2);
        stage4 = new CrossStage(c[3], c[3], shape.InnerDepth, shortcut: true);
        down5 = new ConvolutionBlock(c[3], c[4], 3, 2);
        stage5 = new CrossStage(c[4], c[4], 1, shortcut: true);
        pooling = new SpatialPyramid(c[4]);
        RegisterComponents();
    }

    public Pyramid<T> Run<T>(IOperations<T> on, T image)
    {
        var x = stage2.Run(on, on.Convolve(down2, on.Convolve(stem, image)));
        var fine = stage3.Run(on, on.Convolve(down3, x));
        var middle = stage4.Run(on, on.Convolve(down4, fine));
        var coarse = pooling.Run(on, stage5.Run(on, on.Convolve(down5, middle)));
        return new Pyramid<T>(fine, middle, coarse);
    }
}
