using TorchSharp;
using static TorchSharp.torch;

namespace RetrainLoop.Training.Nets;

/// <summary>
/// The points that predict at one image size: the centres of the cells of all levels, fine first, row by row.
/// </summary>
/// <param name="Points">[N, 2], x and y in pixels.</param>
/// <param name="Strides">[N, 1], cell size in pixels.</param>
public sealed record AnchorGrid(Tensor Points, Tensor Strides) : IDisposable
{
    public long Count => Points.shape[0];

    /// <param name="imageSize">Side of the square input in pixels, a multiple of the coarsest stride.</param>
    public static AnchorGrid Of(int imageSize)
    {
        if (imageSize <= 0 || imageSize % NetShape.Strides[^1] != 0)
            throw new ArgumentException($"The image size must be a positive multiple of {NetShape.Strides[^1]} pixels, not {imageSize}.", nameof(imageSize));
        var points = new List<float>();
        var strides = new List<float>();
        foreach (var stride in NetShape.Strides)
            for (var y = 0; y < imageSize / stride; y++)
                for (var x = 0; x < imageSize / stride; x++)
                {
                    points.Add((x + 0.5f) * stride);
                    points.Add((y + 0.5f) * stride);
                    strides.Add(stride);
                }
        return new AnchorGrid(
            tensor(points.ToArray()).view(-1, 2).DetachFromDisposeScope(), tensor(strides.ToArray()).view(-1, 1).DetachFromDisposeScope());
    }

    public AnchorGrid To(Device device) => new(Points.to(device).DetachFromDisposeScope(), Strides.to(device).DetachFromDisposeScope());

    public void Dispose()
    {
        Points.Dispose();
        Strides.Dispose();
    }
}
