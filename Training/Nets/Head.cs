using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace RetrainLoop.Training.Nets;

/// <summary>
/// The decoupled head of one level: one branch says where (a distribution per box side), one says what (a logit per class).
/// </summary>
public sealed class Head : Module
{
    /// <summary>Share of points that are objects, as assumed before training (Lin et al. 2017, "RetinaNet", section 4.1).</summary>
    const double Prior = 0.01;

    readonly ConvolutionBlock box1, box2, class1, class2;
    readonly Conv2d boxOut, classOut;

    public Head(int inputs, NetShape shape, int classes) : base(nameof(Head))
    {
        box1 = new ConvolutionBlock(inputs, shape.BoxChannels, 3);
        box2 = new ConvolutionBlock(shape.BoxChannels, shape.BoxChannels, 3);
        boxOut = Conv2d(shape.BoxChannels, 4 * NetShape.Bins, 1L);
        class1 = new ConvolutionBlock(inputs, shape.ClassChannels, 3);
        class2 = new ConvolutionBlock(shape.ClassChannels, shape.ClassChannels, 3);
        classOut = Conv2d(shape.ClassChannels, classes, 1L);
        using (no_grad()) classOut.bias!.fill_((float)-Math.Log((1 - Prior) / Prior));
        RegisterComponents();
    }

    /// <summary>Whether a weight, by its name, has one slice a class.</summary>
    public static bool TellsClassesApart(string weight) => weight.Contains($".{nameof(classOut)}.", StringComparison.Ordinal);

    public T Run<T>(IOperations<T> on, T x) => on.Concatenate(
        on.Project(boxOut, on.Convolve(box2, on.Convolve(box1, x))),
        on.Project(classOut, on.Convolve(class2, on.Convolve(class1, x))));
}
