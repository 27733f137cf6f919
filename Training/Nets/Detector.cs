using RetrainLoop.Contracts;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace RetrainLoop.Training.Nets;

/// <summary>
/// A one-stage, anchor-free detector in the shape of YOLOv8: backbone, path aggregation, decoupled heads on three levels.
/// Input [B, 3, S, S], RGB in [0, 1]. Output [B, 4 * Bins + classes, N], raw: logits of the box sides' distributions, logits of the classes.
/// </summary>
public sealed class Detector : Module<Tensor, Tensor>
{
    readonly Backbone backbone;
    readonly Neck neck;
    readonly ModuleList<Head> heads;

    public Detector(NetSize size, int classes) : base(nameof(Detector))
    {
        (Size, Classes) = (size, classes);
        var shape = NetShape.Of(size);
        backbone = new Backbone(shape);
        neck = new Neck(shape);
        heads = new ModuleList<Head>([.. shape.Channels.Skip(2).Select(channels => new Head(channels, shape, classes))]);
        RegisterComponents();
    }

    public NetSize Size { get; }
    public int Classes { get; }

    public override Tensor forward(Tensor x) => Run(TorchOperations.Instance, x).Raw;

    /// <summary>The net over any operations: raw predictions, and the pooled coarsest features as an embedding of the image.</summary>
    public (T Raw, T Embedding) Run<T>(IOperations<T> on, T image)
    {
        var features = backbone.Run(on, image);
        var levels = neck.Run(on, features);
        var channels = 4 * NetShape.Bins + Classes;
        var raw = on.ConcatenateLevels(
            on.Flatten(heads[0].Run(on, levels.Fine), channels),
            on.Flatten(heads[1].Run(on, levels.Middle), channels),
            on.Flatten(heads[2].Run(on, levels.Coarse), channels));
        return (raw, on.AveragePool(features.Coarse));
    }
}
