using static TorchSharp.torch;

namespace RetrainLoop.Training.Nets;

/// <summary>Raw output of a <see cref="Detector"/>, taken apart.</summary>
/// <param name="SideLogits">[B, N, 4, Bins]: left, top, right, bottom.</param>
/// <param name="ClassLogits">[B, N, classes].</param>
public sealed record Predictions(Tensor SideLogits, Tensor ClassLogits)
{
    public static Predictions From(Tensor raw)
    {
        var (batch, points) = (raw.shape[0], raw.shape[2]);
        const int sides = 4 * NetShape.Bins;
        var byPoint = raw.transpose(1, 2);
        return new Predictions(
            byPoint.narrow(2, 0, sides).reshape(batch, points, 4, NetShape.Bins),
            byPoint.narrow(2, sides, raw.shape[1] - sides).contiguous());
    }

    /// <summary>
    /// Corners [B, N, 4] in pixels (left, top, right, bottom): each side lies the expectation of its distribution away from the point,
    /// in strides (Li et al. 2020, "Generalized Focal Loss", equation 5).
    /// </summary>
    public Tensor Corners(AnchorGrid grid)
    {
        var bins = arange(NetShape.Bins, dtype: float32, device: SideLogits.device);
        var distances = SideLogits.softmax(3).matmul(bins) * grid.Strides;
        return cat([grid.Points - distances.narrow(2, 0, 2), grid.Points + distances.narrow(2, 2, 2)], 2);
    }
}
