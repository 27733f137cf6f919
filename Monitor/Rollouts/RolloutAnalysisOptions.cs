using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Monitor.Rollouts;

/// <summary>Section <c>Monitor:Rollout</c>. Only harmful directions fail: a retrained candidate may well detect more, and with more confidence.</summary>
public sealed class RolloutAnalysisOptions
{
    /// <summary>A difference must be this unlikely by chance.</summary>
    [Range(1e-9, 0.5)] public double Significance { get; set; } = 0.01;

    /// <summary>Error rate may rise by at most this, as a fraction.</summary>
    [Range(0, 1)] public double ErrorRateIncrease { get; set; } = 0.005;

    /// <summary>p95 latency may be at most this many times the champion's once it is over the deployment's budget.</summary>
    [Range(1, 100)] public double LatencyRatio { get; set; } = 1.2;

    /// <summary>Detections per request may fall by at most this share.</summary>
    [Range(0, 1)] public double DetectionRateDrop { get; set; } = 0.3;

    /// <summary>Mean confidence may fall by at most this.</summary>
    [Range(0, 1)] public double ConfidenceDrop { get; set; } = 0.1;

    /// <summary>When the champion served too little on the step, as at 100 %, its last traffic up to this long before is compared.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")] public TimeSpan ChampionLookBack { get; set; } = TimeSpan.FromHours(1);
}
