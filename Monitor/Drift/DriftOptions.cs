using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Monitor.Drift;

/// <summary>Section <c>Monitor:Drift</c>.</summary>
public sealed class DriftOptions
{
    /// <summary>Length of the current window.</summary>
    [Range(typeof(TimeSpan), "00:00:20", "60.00:00:00")] public TimeSpan Window { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Shortest time block, seconds; a multiple of ten. Long windows take longer blocks.</summary>
    [Range(10, 86400)] public int BlockSeconds { get; set; } = 10;

    /// <summary>Fewer filled blocks than this are Inconclusive.</summary>
    [Range(2, 1000)] public int MinimumBlocks { get; set; } = 6;

    /// <summary>Fewer values than this are Inconclusive.</summary>
    [Range(1, 1_000_000)] public int MinimumCount { get; set; } = 50;

    /// <summary>A p below this rejects "nothing changed".</summary>
    [Range(1e-9, 0.5)] public double Significance { get; set; } = 0.01;

    /// <summary>The least Kolmogorov-Smirnov distance, [0, 1], that matters: anything is significant in enough data.</summary>
    [Range(0, 1)] public double MinimumDistance { get; set; } = 0.1;
}
