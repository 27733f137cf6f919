using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Web.Keys;

/// <summary>Section <c>Keys</c>.</summary>
public sealed class KeysOptions
{
    /// <summary>Seconds between two publications when nothing changed. Revocation reaches every service that answers within this time.</summary>
    [Range(1, 25)] public double HeartbeatSeconds { get; set; } = 10;

    /// <summary>Milliseconds between two attempts while a service has not yet taken the current keys.</summary>
    [Range(50, 10_000)] public double RetryMilliseconds { get; set; } = 500;
}
