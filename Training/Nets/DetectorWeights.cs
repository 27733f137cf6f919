using TorchSharp;
using static TorchSharp.torch;

namespace RetrainLoop.Training.Nets;

/// <summary>Moves weights between nets.</summary>
public static class DetectorWeights
{
    /// <summary>
    /// Copies every weight that both nets have in the same shape. Returns the names of those that stayed as they were.
    /// </summary>
    /// <param name="sameClasses">False = the nets know different classes: what tells classes apart is not copied.</param>
    public static IReadOnlyList<string> Copy(Detector from, Detector to, bool sameClasses = true)
    {
        using var _ = no_grad();
        var source = from.state_dict();
        var kept = new List<string>();
        foreach (var (name, target) in to.state_dict())
        {
            var copies = source.TryGetValue(name, out var value) && value.shape.SequenceEqual(target.shape)
                && (sameClasses || !Head.TellsClassesApart(name));
            if (copies) target.copy_(value!);
            else kept.Add(name);
        }
        return kept;
    }

    /// <summary>Number of trainable numbers.</summary>
    public static long ParameterCount(Detector net) => net.parameters().Sum(p => p.numel());
}
