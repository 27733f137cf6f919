using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Inference.Requests;

/// <summary>Section <c>Requests</c>: how many failed and sampled requests are remembered.</summary>
public sealed class RequestOptions
{
    /// <summary>Failures of one kind that a deployment remembers per minute in each replica: a storm of refusals must not become a storm of
    /// writes.</summary>
    [Range(0, 100_000)] public int FailuresPerMinute { get; set; } = 60;

    [Range(1, 100_000_000)] public long MaxRequests { get; set; } = 100_000;

    [Range(0.001, 3650)] public double RetentionDays { get; set; } = 14;

    /// <summary>How often the oldest are removed.</summary>
    [Range(0.1, 86_400)] public double RetentionIntervalSeconds { get; set; } = 60;
}
