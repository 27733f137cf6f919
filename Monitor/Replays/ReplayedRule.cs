using RetrainLoop.Contracts;
using RetrainLoop.Monitor.Alerts;
using RetrainLoop.Monitor.Alerts.Evaluation;
using RetrainLoop.Monitor.Alerts.Rules;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Monitor.Replays;

/// <summary>
/// An alert rule on its way through the time of a replay, judged by the live engine's own conditions and states. An archive holds the frames that
/// somebody kept, so a minute without a frame says nothing: it is passed over, neither breach nor calm, and "consecutive minutes" are consecutive
/// minutes that hold frames. For the same reason only what counts per frame is judged, not what counts per time. Pure.
/// </summary>
/// <param name="NotJudged">Why the rule says nothing about old frames; null when it does.</param>
/// <param name="Reference">What the rule learned from the baseline; null while the replay is in it.</param>
sealed record ReplayedRule(
    AlertRuleInfo Rule, string? NotJudged, AlertStatus Status, IReadOnlyList<ReplayAlert> Firings, AlertReference? Reference = null)
{
    /// <summary>How far back a rule looks from a minute.</summary>
    public static readonly TimeSpan History = TimeSpan.FromHours(1);
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), LeastDay = TimeSpan.FromHours(23); // the day on which clocks go forward
    static readonly TelemetryCoverage Frames = new([]); // only minutes that hold frames are alive

    /// <summary>The rules that are about the replay's deployment and model, at its start.</summary>
    public static IReadOnlyList<ReplayedRule> Begin(IEnumerable<AlertRuleInfo> rules, Replay replay) =>
        [.. rules.Where(rule => rule.Enabled && (rule.Deployment ?? replay.Deployment) == replay.Deployment && (rule.Model ?? replay.Start.Model) == replay.Start.Model)
            .Select(rule => new ReplayedRule(rule, ReasonOf(rule), AlertStatus.New(replay.From), []))];

    /// <summary>What the rule needs of a stretch of the baseline to learn from it; nothing when it is not judged.</summary>
    public IEnumerable<MinuteFigures> FiguresOf(IReadOnlyList<SeriesBucket> minutes, DateTimeOffset from, DateTimeOffset to) => NotJudged is not null ? []
        : MinuteFigures.Of(minutes, RuleTraffic.Of(Rule), Frames, from, to, Minute).Select(minute => minute with { Sketch = null });

    /// <summary>Learns what is usual.</summary>
    /// <param name="baseline">Every minute of it, in order.</param>
    public ReplayedRule Learn(Replay replay, IReadOnlyList<MinuteFigures> baseline) =>
        NotJudged is not null ? this : this with { Reference = AlertReference.Of(Rule.Metric, baseline, replay.Zone) };

    /// <param name="minutes">From an hour before the period to its end.</param>
    public ReplayedRule Judge(Replay replay, ReplayPeriod period, IReadOnlyList<SeriesBucket> minutes) => NotJudged is not null ? this
        : AlertCadence.Of(Rule) switch
        {
            AlertFacts.Minutes => JudgeMinutes(replay, period, minutes),
            AlertFacts.Days when !period.Baseline && period.To - period.From >= LeastDay => See(ConfidenceConditions.Observe(Rule, period.To, Detected(period, minutes), Reference)),
            AlertFacts.DriftReports when !period.Baseline => See(DriftConditions.Observe(Rule, ReportOf(replay, period))),
            _ => this,
        };

    ReplayedRule JudgeMinutes(Replay replay, ReplayPeriod period, IReadOnlyList<SeriesBucket> minutes)
    {
        var from = (period.From - History).Floor(Resolutions.Minute);
        var filled = MinuteFigures.Of(minutes.Where(bucket => bucket.Start >= from), RuleTraffic.Of(Rule), Frames, from, period.To, Minute)
            .Where(minute => minute.Alive).ToList();
        var judged = this;
        for (var index = 0; index < filled.Count; index++)
            if (filled[index].Start >= period.From)
                judged = judged.See(MinuteJudge.Observe(Rule, replay.Start.Deployment, filled, index, Reference, replay.Zone, judged.Status));
        return judged;
    }

    /// <summary>Moves the rule's state on, and notes a firing when it begins and when it ends.</summary>
    ReplayedRule See(RuleObservation seen)
    {
        var next = AlertStateMachine.Next(Status, seen, AlertCadence.Needed(Rule), AlertCadence.CalmNeeded(Rule));
        IReadOnlyList<ReplayAlert> firings = (Status.IsOpen, next.IsOpen) switch
        {
            (false, true) => [.. Firings, new ReplayAlert(Rule.Id, Rule.Name, Rule.Severity, next.FiredAt!.Value, null, seen.Value, seen.Limit,
                AlertUnits.Of(Rule.Metric), seen.Summary, Rule.Runbook)],
            (true, false) => [.. Firings.SkipLast(1), Firings[^1] with { ResolvedAt = next.ResolvedAt }],
            _ => Firings,
        };
        return this with { Status = next, Firings = firings };
    }

    DetectedFigures Detected(ReplayPeriod period, IReadOnlyList<SeriesBucket> minutes)
    {
        var traffic = RuleTraffic.Of(Rule);
        return minutes.Where(bucket => bucket.Start >= period.From && bucket.Start < period.To && traffic.Holds(bucket))
            .Aggregate(default(DetectedFigures), (sum, bucket) => sum + DetectedFigures.Of(bucket.Sketch, traffic.Class));
    }

    static DriftReport ReportOf(Replay replay, ReplayPeriod period) => new(
        Guid.Empty, replay.Deployment, replay.Start.Model, Guid.Empty, period.From, period.To, period.Level!.Value, period.Signals, null, period.To);

    static string? ReasonOf(AlertRuleInfo rule) => rule.Metric switch
    {
        AlertMetric.LatencyP50 or AlertMetric.LatencyP95 or AlertMetric.LatencyP99 => "Latency in a replay is that of the machine that replays, not that of the time.",
        AlertMetric.RequestRate or AlertMetric.DetectionsPerMinute or AlertMetric.NoData =>
            "An archive holds the frames that somebody kept, so counts per time and silence say nothing. What counts per frame is judged.",
        AlertMetric.HoldoutMap or AlertMetric.HoldoutTrend => "Old frames come without labels.",
        AlertMetric.MissedSchedule or AlertMetric.MonitorLag => "It is about this stack, not about frames.",
        _ => null,
    };
}
