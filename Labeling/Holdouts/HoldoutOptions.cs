using System.ComponentModel.DataAnnotations;

namespace RetrainLoop.Labeling.Holdouts;

/// <summary>Section <c>Labeling:Holdouts</c>: sizes in frames.</summary>
public sealed class HoldoutOptions
{
    /// <summary>Below this many reviewed random frames the live holdout is not renewed.</summary>
    [Range(1, 100000)] public int LiveMinimum { get; set; } = 200;

    /// <summary>The live holdout holds the newest frames, at most this many.</summary>
    [Range(1, 100000)] public int LiveMaximum { get; set; } = 500;

    /// <summary>The live holdout is renewed when at least this many of its frames are new.</summary>
    [Range(0, 100000)] public int LiveMinimumNew { get; set; } = 50;

    /// <summary>A deployment without a locked holdout gets one when there are at least this many frames.</summary>
    [Range(1, 100000)] public int LockedMinimum { get; set; } = 200;

    /// <summary>Below this many new frames the locked holdout does not grow.</summary>
    [Range(1, 100000)] public int GrowMinimum { get; set; } = 10;

    /// <summary>The newest frames by which the locked holdout grows at most at a time.</summary>
    [Range(1, 100000)] public int GrowMaximum { get; set; } = 200;
}
