using RetrainLoop.Training.Losses;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace RetrainLoop.Training.Assignment;

/// <summary>What each point should predict.</summary>
/// <param name="Positive">[B, N] bool: the point answers for an object.</param>
/// <param name="Corners">[B, N, 4] pixels, of that object; meaningless where not positive.</param>
/// <param name="Scores">[B, N, classes] in [0, 1]: how sure the point should be; 0 where not positive.</param>
public sealed record PointTargets(Tensor Positive, Tensor Corners, Tensor Scores);

/// <summary>
/// Task-aligned assignment (Feng et al. 2021, "TOOD", section 3.2): an object is learnt by the points inside it that already classify and
/// locate it best together, t = score^Alpha * IoU^Beta; the best point of an object should be as sure as its IoU.
/// </summary>
/// <param name="Candidates">Points an object may have ("m" in the paper).</param>
public sealed record TaskAlignedAssigner(double Alpha = 0.5, double Beta = 6, int Candidates = 10)
{
    const double Epsilon = 1e-9;

    /// <param name="scores">[B, N, classes] in [0, 1].</param>
    /// <param name="corners">[B, N, 4] predicted, pixels.</param>
    /// <param name="points">[N, 2] pixels.</param>
    /// <param name="reach">
    /// Least distance in pixels from an object's centre at which a point still counts as inside, so that objects smaller than a cell have points.
    /// </param>
    public PointTargets Assign(Tensor scores, Tensor corners, Tensor points, Targets targets, float reach)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var (batch, count, classes) = (scores.shape[0], scores.shape[1], scores.shape[2]);
        var objects = targets.Corners.shape[1];

        var inside = Inside(points, targets, reach); // [B, M, N]
        var iou = Overlap.IoU(targets.Corners.unsqueeze(2), corners.unsqueeze(1)) * inside;
        var score = scores.transpose(1, 2).gather(1, targets.Classes.unsqueeze(2).expand(batch, objects, count)) * inside;
        var alignment = score.pow(Alpha) * iou.pow(Beta);

        var best = alignment.topk((int)Math.Min(Candidates, count), 2).indexes;
        var chosen = zeros_like(alignment).scatter_(2, best, ones_like(best, dtype: alignment.dtype)) * inside;

        // A point wanted by several objects goes to the one that it covers best.
        var owner = (iou * chosen).argmax(1); // [B, N]
        var contested = chosen.sum(1, keepdim: true).gt(1);
        var onlyOwner = functional.one_hot(owner, objects).transpose(1, 2).to(chosen.dtype);
        chosen = where(contested, onlyOwner * chosen, chosen);
        owner = chosen.argmax(1);
        var positive = chosen.sum(1).gt(0);

        // Normalised so that the best point of an object gets that object's best IoU.
        var strength = alignment * chosen;
        var strongest = strength.amax([2], keepdim: true);
        var bestIou = (iou * chosen).amax([2], keepdim: true);
        var certainty = (strength * bestIou / (strongest + Epsilon)).amax([1]); // [B, N]

        var label = targets.Classes.gather(1, owner);
        var targetScores = functional.one_hot(label, classes).to(certainty.dtype) * certainty.unsqueeze(2);
        var targetCorners = targets.Corners.gather(1, owner.unsqueeze(2).expand(batch, count, 4));
        return new PointTargets(
            positive.MoveToOuterDisposeScope(), targetCorners.MoveToOuterDisposeScope(), targetScores.MoveToOuterDisposeScope());
    }

    /// <summary>[B, M, N] of 0 and 1: the point lies in the object.</summary>
    static Tensor Inside(Tensor points, Targets targets, float reach)
    {
        var leftTop = targets.Corners.narrow(2, 0, 2);
        var rightBottom = targets.Corners.narrow(2, 2, 2);
        var centre = (leftTop + rightBottom) / 2;
        var half = ((rightBottom - leftTop) / 2).clamp(min: reach);
        var distance = (points.view(1, 1, -1, 2) - centre.unsqueeze(2)).abs(); // [B, M, N, 2]
        return (distance.lt(half.unsqueeze(2)).all(3) & targets.Present.unsqueeze(2)).to(targets.Corners.dtype);
    }
}
