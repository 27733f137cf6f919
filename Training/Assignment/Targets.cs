using static TorchSharp.torch;

namespace RetrainLoop.Training.Assignment;

/// <summary>The true objects of a batch, padded to the image with the most (at least one row).</summary>
/// <param name="Corners">[B, M, 4] pixels: left, top, right, bottom.</param>
/// <param name="Classes">[B, M] int64.</param>
/// <param name="Present">[B, M] bool: false = padding.</param>
public sealed record Targets(Tensor Corners, Tensor Classes, Tensor Present)
{
    public Targets To(Device device) => new(Corners.to(device), Classes.to(device), Present.to(device));
}
