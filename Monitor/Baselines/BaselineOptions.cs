using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Monitor.Baselines;

/// <summary>Section <c>Monitor:Baseline</c>.</summary>
public sealed class BaselineOptions
{
    /// <summary>How long a baseline collects at least.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "60.00:00:00")] public TimeSpan Window { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Requests that a baseline needs.</summary>
    [Range(0, long.MaxValue)] public long MinimumRequests { get; set; } = 200;

    /// <summary>Detections that a baseline needs.</summary>
    [Range(0, long.MaxValue)] public long MinimumDetections { get; set; } = 500;

    /// <summary>How often collecting baselines are looked at.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")] public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);
}
