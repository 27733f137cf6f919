using RetrainLoop.Training.Assignment;
using RetrainLoop.Training.Nets;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace RetrainLoop.Training.Losses;

/// <summary>The loss to follow downhill and the three parts it is made of (before their weights).</summary>
public sealed record LossParts(Tensor Total, float Box, float Class, float Dfl);

/// <summary>
/// What a detector learns from: CIoU and DFL on positive points, binary cross entropy on all. Each part is divided by the sum of the
/// assigned scores, so that neither the number of objects nor the image size changes its scale.
/// </summary>
public sealed record DetectionLoss(TaskAlignedAssigner Assigner, double BoxWeight = 7.5, double ClassWeight = 0.5, double DflWeight = 1.5)
{
    /// <param name="raw">[B, 4 * Bins + classes, N] of a <see cref="Detector"/>.</param>
    public LossParts Of(Tensor raw, Targets targets, AnchorGrid grid)
    {
        using var scope = NewDisposeScope();
        var predictions = Predictions.From(raw);
        var corners = predictions.Corners(grid);
        var assigned = Assigner.Assign(
            predictions.ClassLogits.detach().sigmoid(), corners.detach(), grid.Points, targets, reach: NetShape.Strides[0] / 2f);

        var scale = assigned.Scores.sum().clamp(min: 1);
        var classLoss = functional.binary_cross_entropy_with_logits(predictions.ClassLogits, assigned.Scores, reduction: Reduction.Sum) / scale;
        var (boxLoss, dflLoss) = Localisation(predictions.SideLogits, corners, assigned, grid, scale);
        var total = boxLoss * BoxWeight + classLoss * ClassWeight + dflLoss * DflWeight;
        return new LossParts(
            total.MoveToOuterDisposeScope(), boxLoss.item<float>(), classLoss.item<float>(), dflLoss.item<float>());
    }

    static (Tensor Box, Tensor Dfl) Localisation(Tensor sideLogits, Tensor corners, PointTargets assigned, AnchorGrid grid, Tensor scale)
    {
        var index = assigned.Positive.flatten().nonzero().squeeze(1);
        Tensor Pick(Tensor perPoint) => perPoint.flatten(0, 1).index_select(0, index);
        Tensor PickGrid(Tensor values) => values.index_select(0, index.remainder(grid.Count));

        var weight = Pick(assigned.Scores).sum(1);
        var (truth, stride, points) = (Pick(assigned.Corners), PickGrid(grid.Strides), PickGrid(grid.Points));
        var box = ((1 - Overlap.CompleteIoU(Pick(corners), truth)) * weight).sum() / scale;
        var distances = cat([points - truth.narrow(1, 0, 2), truth.narrow(1, 2, 2) - points], 1) / stride;
        var dfl = (DistributionFocalLoss.Of(Pick(sideLogits), distances) * weight).sum() / scale;
        return (box, dfl);
    }
}
