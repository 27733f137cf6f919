using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Inference.Deployments;

/// <summary>Section <c>Deployments</c>.</summary>
public sealed class DeploymentOptions
{
    /// <summary>Seconds after which a replica looks for changes by itself, should their notice be lost.</summary>
    [Range(0.1, 600)] public double PollSeconds { get; set; } = 5;

    /// <summary>Latency budget of a deployment that names none.</summary>
    [Range(1, 600_000)] public double LatencyBudgetMs { get; set; } = 200;

    /// <summary>Cameras of a deployment that telemetry tells apart; further ones are <c>other</c>.</summary>
    [Range(1, 100_000)] public int MaxCameras { get; set; } = 1_000;
}
