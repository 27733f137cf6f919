using RetrainLoop.Monitor.Drift;

namespace RetrainLoop.Monitor.Baselines;

/// <summary>What a locked baseline keeps: all that later windows are compared with.</summary>
/// <param name="BinsVersion">Version of <c>SignalBins</c> that the histograms are on.</param>
/// <param name="DetectionsPerMinute">Mean over the window.</param>
/// <param name="HourOfWeek">
/// Detections per minute for each of the 168 hours of the week from Monday 00:00 in the deployment's zone; null unless the window spans a week.
/// </param>
/// <param name="CellSeconds">Length of the cells of time that are kept of it, see <see cref="BaselineCells"/>; 0 = it was locked before any were kept.</param>
/// <param name="ClassNames">The class of each bin of the class mix.</param>
public sealed record BaselineContent(
    int BinsVersion, IReadOnlyList<SignalSample> Signals, double DetectionsPerMinute, double? DetectionsPerRequest, IReadOnlyList<double>? HourOfWeek,
    int CellSeconds = 0, IReadOnlyList<string>? ClassNames = null)
{
    public const int CurrentBinsVersion = 1;
}
