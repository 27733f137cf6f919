using RetrainLoop.Monitor.Alerts;
using RetrainLoop.Monitor.Alerts.Evaluation;
using RetrainLoop.Monitor.Alerts.Schedules;
using RetrainLoop.Monitor.Series;
using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Tests.Monitor.Alerts;

/// <summary>What each kind of rule says about its facts.</summary>
public sealed class ConditionTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    static readonly DeploymentInfo Line = Batches.Deployment();

    static AlertRuleInfo Rule(AlertMetric metric, AlertComparison comparison, double? threshold, double? resolve = null) =>
        new(Guid.NewGuid(), "rule", null, metric, comparison, threshold, 5, AlertSeverity.Warning, "x", true, ResolveThreshold: resolve);

    static MinuteFigures Minute(int requests = 60, double latencyMs = 20, int detectionsEach = 2, double confidence = 0.8, int errors = 0, bool alive = true, int at = 0)
    {
        if (requests == 0) return new MinuteFigures(Start.AddMinutes(at), TimeSpan.FromMinutes(1), alive, 0, 0, default, null);
        var sketch = new SeriesSketch();
        sketch.Add(Batches.Second(Start, requests, latencyMs, detectionsEach, confidence));
        sketch.Outcomes[(int)RequestOutcome.BadInput] += errors;
        return new MinuteFigures(Start.AddMinutes(at), TimeSpan.FromMinutes(1), alive, sketch.Requests, sketch.Succeeded, DetectedFigures.Of(sketch, null), sketch);
    }

    static RuleObservation Observe(AlertRuleInfo rule, MinuteFigures minute, AlertStatus? status = null, double? week = null, params MinuteFigures[] before) =>
        MinuteConditions.Observe(rule, Line, minute, before, status ?? AlertStatus.New(Start), week);

    [Theory]
    [InlineData(AlertMetric.LatencyP95, AlertComparison.Above, null, Observation.Fine)] // 20 ms, budget 200
    [InlineData(AlertMetric.LatencyP50, AlertComparison.Above, 10.0, Observation.Breach)]
    [InlineData(AlertMetric.ErrorRate, AlertComparison.Above, 0.01, Observation.Breach)] // 1 of 61
    [InlineData(AlertMetric.ErrorRate, AlertComparison.Above, 0.02, Observation.Fine)]
    [InlineData(AlertMetric.RequestRate, AlertComparison.Below, 2.0, Observation.Breach)] // 1.02/s
    [InlineData(AlertMetric.DetectionsPerMinute, AlertComparison.Below, 100.0, Observation.Fine)] // 120
    [InlineData(AlertMetric.DetectionsPerRequest, AlertComparison.Above, 1.9, Observation.Breach)]
    [InlineData(AlertMetric.MeanConfidence, AlertComparison.Below, 0.81, Observation.Breach)]
    [InlineData(AlertMetric.RequestRate, AlertComparison.Above, null, Observation.Error)] // no such thing as a usual rate
    public void Observe_OneMinute_ComparesWithTheThreshold(AlertMetric metric, AlertComparison comparison, double? threshold, Observation expected) =>
        Assert.Equal(expected, Observe(Rule(metric, comparison, threshold), Minute(errors: 1)).Kind);

    [Fact]
    public void Observe_ExactlyOnePercentOfErrors_IsFine() =>
        Assert.Equal(Observation.Fine, Observe(Rule(AlertMetric.ErrorRate, AlertComparison.Above, 0.01), Minute(requests: 99, errors: 1)).Kind);

    [Fact]
    public void Observe_FiringRuleWithResolveThreshold_HoldsUntilThatIsPassed()
    {
        var rule = Rule(AlertMetric.LatencyP95, AlertComparison.Above, 100, resolve: 80);
        var open = AlertStatus.New(Start) with { State = AlertState.Firing, FiredAt = Start };
        Assert.Equal(Observation.Breach, Observe(rule, Minute(latencyMs: 90), open).Kind);
        Assert.Equal(Observation.Fine, Observe(rule, Minute(latencyMs: 70), open).Kind);
        Assert.Equal(Observation.Fine, Observe(rule, Minute(latencyMs: 90)).Kind);
    }

    [Fact]
    public void Observe_Drop_ComparesWithTheWeekAndBeforeThereIsOneWithTheTrailingHour()
    {
        var rule = Rule(AlertMetric.DetectionsPerMinute, AlertComparison.DropsBy, 0.5);
        var hour = Enumerable.Range(0, 60).Select(at => Minute(at: at)).ToArray(); // 120 a minute
        Assert.Equal(Observation.Fine, Observe(rule, Minute(requests: 30, at: 60), before: hour).Kind); // exactly half
        Assert.Equal((Observation.Breach, 60.0), (Observe(rule, Minute(requests: 29, at: 60), before: hour).Kind, Observe(rule, Minute(requests: 29, at: 60), before: hour).Limit));
        Assert.Equal(Observation.Breach, Observe(rule, Minute(requests: 40, at: 60), week: 200, before: hour).Kind);
        Assert.Equal(Observation.Fine, Observe(rule, Minute(requests: 0, at: 60), week: 0, before: hour).Kind); // a quiet hour of the week
        Assert.Equal(Observation.Breach, Observe(rule, Minute(requests: 0, at: 60), before: hour).Kind); // paused, telemetry alive
        Assert.Equal(Observation.NoData, Observe(rule, Minute(requests: 0, alive: false, at: 60), before: hour).Kind);
        Assert.Equal(Observation.Fine, Observe(rule, Minute(requests: 0, at: 3), before: hour[..3]).Kind); // too little history
    }

    /// <summary>Found before it was written: the mean of an hour with a burst was 280, so that the traffic of every day fired.</summary>
    [Theory]
    [InlineData(AlertMetric.DetectionsPerMinute)]
    [InlineData(AlertMetric.RequestRate)]
    public void Observe_BurstBeforeADrop_FiresForTheDropOnly(AlertMetric metric)
    {
        var rule = Rule(metric, AlertComparison.DropsBy, 0.5);
        var hour = Enumerable.Range(0, 60).Select(at => Minute(requests: at is >= 35 and < 55 ? 300 : 60, at: at)).ToArray(); // 20 minutes of five times as much
        Assert.Equal(Observation.Fine, Observe(rule, Minute(at: 60), before: hour).Kind);
        Assert.Equal(Observation.Breach, Observe(rule, Minute(requests: 29, at: 60), before: hour).Kind);
        Assert.Equal(Observation.Breach, Observe(rule, Minute(requests: 0, at: 60), before: hour).Kind);
    }

    [Fact]
    public void Observe_OddDetectionsInAFewMinutes_DoNotBecomeUsual()
    {
        var rule = Rule(AlertMetric.DetectionsPerRequest, AlertComparison.DropsBy, 0.5);
        var hour = Enumerable.Range(0, 60).Select(at => Minute(detectionsEach: at is >= 40 and < 58 ? 40 : 4, at: at)).ToArray();
        Assert.Equal(Observation.Fine, Observe(rule, Minute(detectionsEach: 4, at: 60), before: hour).Kind);
        Assert.Equal(Observation.Breach, Observe(rule, Minute(detectionsEach: 1, at: 60), before: hour).Kind);
    }

    [Fact]
    public void Observe_DropAcrossHours_FollowsTheWeekAndFreezesOnlyTheTrailingHour()
    {
        var rule = Rule(AlertMetric.DetectionsPerMinute, AlertComparison.DropsBy, 0.5);
        var firing = AlertStatus.New(Start) with { State = AlertState.Firing, FiredAt = Start, Reference = 400 };
        Assert.Equal(Observation.Fine, Observe(rule, Minute(), firing, week: 120).Kind); // 120 are usual in this hour, whatever was usual before
        Assert.Equal(Observation.Breach, Observe(rule, Minute(), firing).Kind);
        Assert.Equal(Observation.Fine, Observe(rule, Minute(requests: 0), week: 0.8).Kind); // hardly one a minute: none says nothing
    }

    [Fact]
    public void IsLongEnough_RoundsFartherApartThanTheGrace_EndsAllTheSame()
    {
        var listening = new ListeningPeriod(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));
        var silent = new TelemetryCoverage([]);
        Assert.False(listening.IsLongEnough(silent, Start));
        Assert.True(listening.IsLongEnough(silent, Start.AddMinutes(5)));
        Assert.False(listening.IsLongEnough(silent, Start.AddMinutes(20))); // was away
    }

    [Fact]
    public void Observe_DetectionsPerRequest_DoesNotFollowTheTraffic()
    {
        var rule = Rule(AlertMetric.DetectionsPerRequest, AlertComparison.DropsBy, 0.5);
        var hour = Enumerable.Range(0, 60).Select(at => Minute(detectionsEach: 4, at: at)).ToArray();
        Assert.Equal(Observation.Fine, Observe(rule, Minute(requests: 5, detectionsEach: 4, at: 60), before: hour).Kind);
        Assert.Equal(Observation.Fine, Observe(rule, Minute(requests: 0, at: 60), before: hour).Kind);
        Assert.Equal(Observation.Breach, Observe(rule, Minute(detectionsEach: 1, at: 60), before: hour).Kind);
    }

    [Fact]
    public void Reference_BaselineWeek_KnowsItsHoursAndTheSpreadOfTheirMeans()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var monday = new DateTimeOffset(2026, 11, 22, 23, 0, 0, TimeSpan.Zero); // Monday 00:00 in Berlin
        var minutes = Enumerable.Range(0, 7 * 24 * 60).Select(at => Minute(requests: at % 1440 < 480 ? 0 : 60, confidence: at / 60 % 2 == 0 ? 0.7 : 0.8)
            with { Start = monday.AddMinutes(at) }).ToList();
        var reference = AlertReference.Of(AlertMetric.DetectionsPerMinute, minutes, zone);
        Assert.Equal((0, 120, 120), (reference.Week![7], reference.Week[8], reference.Week[167]));
        Assert.Equal(7 * 16, reference.Hours);
        Assert.Equal(0.75, reference.Mean!.Value, 1e-9);
        Assert.Equal(0.05 * Math.Sqrt(112.0 / 111), reference.Sigma!.Value, 1e-9);
        Assert.Null(AlertReference.Of(AlertMetric.DetectionsPerMinute, minutes[..^1], zone).Week);
    }

    [Theory]
    [InlineData(0.701, Observation.Fine)] // 1.98 sigma under 0.75
    [InlineData(0.699, Observation.Breach)]
    [InlineData(0.801, Observation.Breach)] // surer than ever is a shift too
    public void Observe_DayOfConfidence_ShiftsByTwoSigma(double mean, Observation expected)
    {
        var rule = Rule(AlertMetric.MeanConfidence, AlertComparison.ShiftsBy, 2);
        var seen = ConfidenceConditions.Observe(rule, Start, new DetectedFigures(1000, 1000 * mean), new AlertReference(null, 0.75, 0.025, 100));
        Assert.Equal(expected, seen.Kind);
        Assert.Equal(Observation.NoData, ConfidenceConditions.Observe(rule, Start, new DetectedFigures(1000, 1000 * mean), new AlertReference(null, 0.75, null, 3)).Kind);
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")] // 25 hours
    [InlineData("America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z")] // midnight was skipped
    [InlineData("UTC", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z")]
    public void Ended_DayInAZone_IsFromMidnightToMidnight(string zone, string start, string end)
    {
        var days = LocalDays.Ended(DateTimeOffset.Parse(start), DateTimeOffset.Parse(end), TimeZoneInfo.FindSystemTimeZoneById(zone)).ToList();
        Assert.Equal([(DateTimeOffset.Parse(start), DateTimeOffset.Parse(end))], days);
    }

    [Theory]
    [InlineData(DriftLevel.Drift, Observation.Breach)]
    [InlineData(DriftLevel.KsOnly, Observation.Fine)] // the plain test alone wakes nobody
    [InlineData(DriftLevel.Stable, Observation.Fine)]
    [InlineData(DriftLevel.Inconclusive, Observation.NoData)]
    public void Observe_DriftReport_TakesOverTheDecision(DriftLevel level, Observation expected)
    {
        SignalDrift Signal(string name, DriftLevel decided) => new(name, decided, 0.3, 1e-9, 0.4, 0.1, 1000, 300, 100, 1e-6, 0.8, 0.5, "moved");
        var report = new DriftReport(Guid.NewGuid(), "line", Batches.Model, Guid.NewGuid(), Start, Start, level, [Signal("confidence", level), Signal("boxArea", DriftLevel.Stable)], null, Start);
        Assert.Equal(expected, DriftConditions.Observe(Rule(AlertMetric.DriftConfidence, AlertComparison.Above, null), report).Kind);
        Assert.Equal(Observation.Fine, DriftConditions.Observe(Rule(AlertMetric.DriftBoxSize, AlertComparison.Above, null), report).Kind);
    }

    static HoldoutVerdict Verdict(double? atLock, double difference, bool dropped, bool downtrend = false, bool hasTrend = true) => new(
        dropped, null, downtrend, hasTrend ? new HoldoutChange(Guid.NewGuid(), Guid.NewGuid(), difference, null, null, false, 0, downtrend) : null, "As the page says.")
    {
        AtLock = atLock, Drop = 0.01, Weeks = 3,
    };

    static EvaluationInfo Evaluation(double map) => new(
        Guid.NewGuid(), "e", "line", Batches.Model, new DatasetRef("live", 1), "live-holdout", [map, .. new double[11]], map - 0.005, map + 0.005, [], 300, 900, 900, Start);

    [Theory]
    [InlineData(0.7, false, Observation.Fine)]
    [InlineData(0.7, true, Observation.Breach)]
    [InlineData(null, false, Observation.NoData)]
    public void Observe_LiveHoldout_TakesOverTheVerdict(double? atLock, bool dropped, Observation expected)
    {
        var seen = HoldoutConditions.Observe(Rule(AlertMetric.HoldoutMap, AlertComparison.DropsBy, null), Evaluation(0.68), Verdict(atLock, -0.02, dropped));
        Assert.Equal((expected, 0.68), (seen.Kind, seen.Value));
        Assert.Equal(atLock - 0.01 ?? 0, seen.Limit ?? 0, 1e-9);
        if (atLock is not null) Assert.Contains("As the page says.", seen.Summary, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true, Observation.Breach)]
    [InlineData(false, true, Observation.Fine)]
    [InlineData(false, false, Observation.NoData)] // too few weeks
    public void Observe_Trend_TakesOverTheVerdict(bool downtrend, bool hasTrend, Observation expected) => Assert.Equal(expected,
        HoldoutConditions.Observe(Rule(AlertMetric.HoldoutTrend, AlertComparison.Below, null), Evaluation(0.67), Verdict(0.7, -0.03, true, downtrend, hasTrend)).Kind);

    [Fact]
    public void Observe_Schedules_NamesWhatIsOverdueOrFailed()
    {
        var rule = Rule(AlertMetric.MissedSchedule, AlertComparison.Above, 0);
        ScheduleInfo Job(string name, int dueMinutes, bool failed = false) =>
            ScheduleDue.Judge(name, new ScheduleHeartbeat("line", Start.AddMinutes(dueMinutes), null, null, failed), Start, Start, TimeSpan.FromMinutes(5));
        Assert.Equal(Observation.Fine, ScheduleJudge.Observe(rule, [Job("a", -5), Job("b", 60)], Start).Kind);
        var late = ScheduleJudge.Observe(rule, [Job("a", -6), Job("b", 60), Job("c", 60, failed: true)], Start);
        Assert.Equal((Observation.Breach, 6.0), (late.Kind, late.Value));
        Assert.Contains("'a' was due", late.Summary, StringComparison.Ordinal);
        Assert.Contains("last run of 'c' failed", late.Summary, StringComparison.Ordinal);
        Assert.Null(ScheduleDue.Judge("d", new ScheduleHeartbeat(null, null, TimeSpan.FromHours(1), null), Start.AddMinutes(-30), Start, TimeSpan.Zero).OverdueSince);
    }

    [Fact]
    public void Observe_MonitorBehind_SaysByWhat()
    {
        var rule = Rule(AlertMetric.MonitorLag, AlertComparison.Above, 120);
        TelemetryCoverage Folded(int secondsBehind) => new([new BootCoverage(Start.UtcDateTime.AddHours(-1), Start.UtcDateTime.AddSeconds(-secondsBehind), Start.UtcDateTime, "inference-2"),
            new BootCoverage(Start.UtcDateTime.AddHours(-1), Start.UtcDateTime.AddSeconds(-1), Start.UtcDateTime, "inference-1")]);
        RuleObservation Watch(int folding, int judging) => EvaluatorWatch.Observe(rule, Start, Start, Folded(folding), TimeSpan.FromSeconds(30), Start.AddSeconds(-judging));
        Assert.Equal(Observation.Fine, Watch(5, 20).Kind);
        Assert.Contains("telemetry of inference-2 is folded", Watch(300, 20).Summary, StringComparison.Ordinal);
        Assert.Equal((Observation.Breach, 200.0), (Watch(5, 200).Kind, Watch(5, 200).Value));
        Assert.Contains("alerts were judged", Watch(5, 200).Summary, StringComparison.Ordinal);
    }
}
