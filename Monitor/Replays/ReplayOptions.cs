using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Monitor.Replays;

/// <summary>Section <c>Monitor:Replays</c>.</summary>
public sealed class ReplayOptions
{
    /// <summary>How often counted frames are looked at for whole days to judge.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")] public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a replay is kept after its last batch, should Inference not delete it before.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")] public TimeSpan Keep { get; set; } = TimeSpan.FromDays(60);
}
