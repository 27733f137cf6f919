using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace RetrainLoop.Training.Losses;

/// <summary>
/// Distribution focal loss (Li et al. 2020, "Generalized Focal Loss", equation 6): cross entropy against the two bins next to the true
/// distance y, weighted by how near each is: -((i + 1 - y) log p_i + (y - i) log p_(i+1)).
/// </summary>
public static class DistributionFocalLoss
{
    /// <param name="logits">[K, 4, Bins].</param>
    /// <param name="distances">[K, 4] in strides; clamped to what the bins can say.</param>
    /// <returns>[K]: the mean over the four sides.</returns>
    public static Tensor Of(Tensor logits, Tensor distances)
    {
        var last = logits.shape[2] - 1;
        var y = distances.clamp(0, last - 0.01);
        var lower = y.floor();
        var share = y - lower;
        var bin = lower.to(int64).unsqueeze(2);
        var logProbability = functional.log_softmax(logits, 2);
        var below = logProbability.gather(2, bin).squeeze(2);
        var above = logProbability.gather(2, bin + 1).squeeze(2);
        return -(below * (1 - share) + above * share).mean([1]);
    }
}
