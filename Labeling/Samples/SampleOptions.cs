using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Labeling.Samples;

/// <summary>Section <c>Labeling:Samples</c>.</summary>
public sealed class SampleOptions
{
    /// <summary>
    /// Two pictures are near duplicates when at most this many of the 256 bits of their difference hashes differ. Measured on a real fixed camera
    /// (PETS09-S2L1): re-encoded at quality 60, frames differ by 0 to 5 bits, a second later by 17 in the median.
    /// </summary>
    [Range(0, 256)] public int DuplicateDistance { get; set; } = 4;

    /// <summary>A frame is compared with frames of its camera that were captured at most this long before or after it.</summary>
    public TimeSpan DuplicateWindow { get; set; } = TimeSpan.FromHours(1);
}
