namespace RetrainLoop.Contracts;

/// <summary>The champion's mAP on one holdout at one time, fractions.</summary>
/// <param name="Low">95 % bootstrap interval over images.</param>
/// <param name="PerCategory">The same per class.</param>
public sealed record HoldoutPoint(
    Guid Evaluation, DateTimeOffset At, ModelRef Model, DatasetRef Dataset, double MeanAveragePrecision, double? Low, double? High,
    int Images, int Objects, IReadOnlyList<CategoryResult> PerCategory);

/// <summary>The curve of one holdout, oldest first.</summary>
/// <param name="Purpose"><c>live-holdout</c>: the newest reviewed frames, the curve that can fall. <c>locked-holdout</c>: frozen frames.</param>
public sealed record HoldoutCurve(string Purpose, IReadOnlyList<HoldoutPoint> Points);

/// <summary>Something that explains a step in a curve.</summary>
/// <param name="Kind"><c>rollout</c> or <c>baseline</c>.</param>
public sealed record HoldoutMarker(string Kind, DateTimeOffset At, ModelRef Model, string Text);

/// <summary>The difference of two points, later minus earlier, with its 95 % interval.</summary>
/// <param name="Paired">Whether both have images in common: those are resampled together (paired bootstrap), the others independently.</param>
/// <param name="Images">How many both have in common.</param>
/// <param name="ExcludesNoise">Whether the interval excludes 0.</param>
public sealed record HoldoutChange(
    Guid First, Guid Last, double Difference, double? Low, double? High, bool Paired, int Images, bool ExcludesNoise);

/// <summary>What the live curve of one model says at one of its points. Alerts, the holdout page and diagnoses all go by this one.</summary>
/// <param name="Dropped">Whether it is more than <see cref="Drop"/> under its value at the baseline's lock.</param>
/// <param name="SinceLock">The change since the lock; null when either is missing, or when the point is the one from the lock.</param>
/// <param name="Downtrend">
/// As many drops in a row as <see cref="Weeks"/>, and the interval of first against last excludes 0: an early signal of its own.
/// </param>
/// <param name="Trend">First against last of the newest weeks' points; null unless one week more than <see cref="Weeks"/> in a row has a point.</param>
public sealed record HoldoutVerdict(bool Dropped, HoldoutChange? SinceLock, bool Downtrend, HoldoutChange? Trend, string Summary)
{
    /// <summary>mAP at the baseline's lock, a fraction; null when there is none.</summary>
    public double? AtLock { get; init; }

    /// <summary>The fall that counts as a drop, a fraction.</summary>
    public double Drop { get; init; }

    /// <summary>The drops in a row that make a downtrend.</summary>
    public int Weeks { get; init; }
}

/// <summary>How many labelled frames an interval of a wanted width takes: widths fall with the root of the number of images.</summary>
/// <param name="WantedWidth">Width of the 95 % interval as a fraction; 0.02 is two points.</param>
/// <param name="MoreImages">0 when the interval is narrow enough; null when there is no interval to start from.</param>
public sealed record LabelsNeeded(double WantedWidth, double? CurrentWidth, int Images, int? MoreImages, string Detail);

/// <summary>Both holdout curves of a deployment over some weeks, and what they say.</summary>
/// <param name="NextDue">When the next run is due by the newest one's week; a run later than that is missed.</param>
public sealed record HoldoutHistory(
    string Deployment, IReadOnlyList<HoldoutCurve> Curves, IReadOnlyList<HoldoutMarker> Markers, HoldoutVerdict Verdict, LabelsNeeded LabelsNeeded,
    DateTimeOffset? LastRun, DateTimeOffset? NextDue, bool Missed);
