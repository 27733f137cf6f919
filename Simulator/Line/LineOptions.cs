using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Simulator.Line;

/// <summary>Section <c>Simulator</c>.</summary>
public sealed class LineOptions
{
    /// <summary>The key that cameras, oracle and set-up send; it must be allowed to operate.</summary>
    [Required] public string ApiKey { get; set; } = "";

    /// <summary>The deployment that cameras send frames to.</summary>
    [Required] public string Deployment { get; set; } = "line";

    /// <summary>Of all cameras together, at the start.</summary>
    [Range(0.0, 50.0)] public double FramesPerSecond { get; set; } = 5;

    /// <summary>Of the frames that are played; unset = a new one at each start, so that no frame id comes twice.</summary>
    [Range(0, int.MaxValue)] public int? Seed { get; set; }

    /// <summary>Frames on their way at once; more are dropped and counted, so that nothing piles up before a dead service.</summary>
    [Range(1, 1000)] public int MostInFlight { get; set; } = 32;

    /// <summary>After this a camera gives a frame up.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a slow client takes for one upload; beyond <see cref="SendTimeout"/> it gives up midway.</summary>
    public TimeSpan SlowUpload { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>How much busier the busiest hour of a site's day is than its mean, [0, 1).</summary>
    [Range(0.0, 0.95)] public double DaySwing { get; set; } = 0.2;

    [Range(1, 5000)] public int MostBurstRequestsPerSecond { get; set; } = 1000;
    [Range(1, 3600)] public int MostBurstSeconds { get; set; } = 120;

    /// <summary>Requests of a burst on their way at once.</summary>
    [Range(1, 5000)] public int MostBurstInFlight { get; set; } = 512;
}
