using static TorchSharp.torch.nn;

namespace RetrainLoop.Training.Nets;

/// <summary>Path aggregation (Liu et al. 2018, "PANet"): what coarse levels know goes down to the fine ones, and back up.</summary>
public sealed class Neck : Module
{
    readonly CrossStage topMiddle, topFine, bottomMiddle, bottomCoarse;
    readonly ConvolutionBlock downMiddle, downCoarse;

    public Neck(NetShape shape) : base(nameof(Neck))
    {
        var (fine, middle, coarse) = (shape.Channels[2], shape.Channels[3], shape.Channels[4]);
        topMiddle = new CrossStage(coarse + middle, middle, 1, shortcut: false);
        topFine = new CrossStage(middle + fine, fine, 1, shortcut: false);
        downMiddle = new ConvolutionBlock(fine, fine, 3, 2);
        bottomMiddle = new CrossStage(fine + middle, middle, 1, shortcut: false);
        downCoarse = new ConvolutionBlock(middle, middle, 3, 2);
        bottomCoarse = new CrossStage(middle + coarse, coarse, 1, shortcut: false);
        RegisterComponents();
    }

    public Pyramid<T> Run<T>(IOperations<T> on, Pyramid<T> x)
    {
        var down = topMiddle.Run(on, on.Concatenate(on.Upsample(x.Coarse), x.Middle));
        var fine = topFine.Run(on, on.Concatenate(on.Upsample(down), x.Fine));
        var middle = bottomMiddle.Run(on, on.Concatenate(on.Convolve(downMiddle, fine), down));
        var coarse = bottomCoarse.Run(on, on.Concatenate(on.Convolve(downCoarse, middle), x.Coarse));
        return new Pyramid<T>(fine, middle, coarse);
    }
}
