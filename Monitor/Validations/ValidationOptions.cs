using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Monitor.Validations;

/// <summary>Section <c>Monitor:Validation</c>.</summary>
public sealed class ValidationOptions
{
    /// <summary>Fewer images than this in either dataset are Inconclusive.</summary>
    [Range(1, 100_000)] public int MinimumImages { get; set; } = 20;

    /// <summary>The loss on the locked holdout, as a fraction of mAP, that the interval must exclude; 0.01 is one point.</summary>
    [Range(0, 1)] public double ToleratedLoss { get; set; } = 0.01;
}
