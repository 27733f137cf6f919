using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Monitor.Evaluations;

/// <summary>Section <c>Monitor:Evaluation</c>.</summary>
public sealed class EvaluationOptions
{
    /// <summary>Bootstrap resamples behind each interval.</summary>
    [Range(100, 100_000)] public int Resamples { get; set; } = 1000;

    /// <summary>Seed of the bootstrap: the same inputs give the same interval.</summary>
    public int Seed { get; set; } = 1;
}
