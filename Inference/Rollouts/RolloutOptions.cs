using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Inference.Rollouts;

/// <summary>Section <c>Rollouts</c>: the steps of a rollout that names none: shadow, 5, 25, 50, 100 %.</summary>
public sealed class RolloutOptions
{
    /// <summary>Least time on each step.</summary>
    [Range(0, 86_400 * 30)] public double BakeSeconds { get; set; } = 900;

    /// <summary>Least requests that the candidate serves (or shadows) on each step.</summary>
    [Range(0, int.MaxValue)] public int MinimumRequests { get; set; } = 200;

    public IReadOnlyList<RolloutStep> DefaultSteps =>
        [.. new[] { 0, 0.05, 0.25, 0.5, 1 }.Select(weight => new RolloutStep(weight, BakeSeconds, MinimumRequests))];
}
