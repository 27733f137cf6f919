namespace RetrainLoop.Labeling.Holdouts;

/// <summary>When holdouts change.</summary>
public static class HoldoutPolicy
{
    /// <summary>The live holdout is renewed with enough frames of which enough are new; the first one only needs enough.</summary>
    /// <param name="newest">Reviewed random frames that it would hold.</param>
    /// <param name="unseen">Those of them that the present live holdout lacks; null when there is none yet.</param>
    public static bool RenewsLive(int newest, int? unseen, HoldoutOptions options) =>
        newest >= options.LiveMinimum && (unseen ?? int.MaxValue) >= options.LiveMinimumNew && unseen != 0;

    /// <summary>The locked holdout grows by any worthwhile number of new frames; the first one must be large enough to score on.</summary>
    public static bool GrowsLocked(int added, bool hasLocked, HoldoutOptions options) =>
        added >= (hasLocked ? options.GrowMinimum : options.LockedMinimum);
}
