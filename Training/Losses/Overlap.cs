using static TorchSharp.torch;

namespace RetrainLoop.Training.Losses;

/// <summary>Overlap of boxes given as corners [..., 4] (left, top, right, bottom); leading dimensions broadcast.</summary>
public static class Overlap
{
    const double Epsilon = 1e-7;

    /// <summary>Intersection over union in [0, 1].</summary>
    public static Tensor IoU(Tensor a, Tensor b) => Measure(a, b).IoU;

    /// <summary>
    /// Complete IoU (Zheng et al. 2020): IoU - d^2 / c^2 - alpha * v, with d the distance of the centres, c the diagonal of the smallest box
    /// around both, v = 4 / pi^2 * (atan(w_b / h_b) - atan(w_a / h_a))^2 and alpha = v / (1 - IoU + v), held constant for the gradient.
    /// </summary>
    public static Tensor CompleteIoU(Tensor a, Tensor b)
    {
        var (iou, sizeA, sizeB) = Measure(a, b);
        var around = (maximum(High(a), High(b)) - minimum(Low(a), Low(b))).square().sum(-1) + Epsilon;
        var apart = (Low(a) + High(a) - Low(b) - High(b)).square().sum(-1) / 4;
        var v = (Slope(sizeB) - Slope(sizeA)).square() * (4 / (Math.PI * Math.PI));
        Tensor alpha;
        using (no_grad()) alpha = v / (1 - iou + v + Epsilon);
        return iou - apart / around - alpha * v;
    }

    static (Tensor IoU, Tensor SizeA, Tensor SizeB) Measure(Tensor a, Tensor b)
    {
        var shared = (minimum(High(a), High(b)) - maximum(Low(a), Low(b))).clamp(min: 0);
        var (sizeA, sizeB) = (High(a) - Low(a), High(b) - Low(b));
        var intersection = Product(shared);
        var union = Product(sizeA) + Product(sizeB) - intersection + Epsilon;
        return (intersection / union, sizeA, sizeB);
    }

    static Tensor Low(Tensor corners) => corners.narrow(-1, 0, 2);

    static Tensor High(Tensor corners) => corners.narrow(-1, 2, 2);

    static Tensor Product(Tensor size) => size.select(-1, 0) * size.select(-1, 1);

    static Tensor Slope(Tensor size) => atan(size.select(-1, 0) / (size.select(-1, 1) + Epsilon));
}
