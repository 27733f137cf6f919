using RetrainLoop.Monitor.Alerts.Evaluation;
using RetrainLoop.Monitor.Replays;
using RetrainLoop.Monitor.Series;

namespace RetrainLoop.Tests.Monitor.Replays;

/// <summary>What rules make of archives that keep a frame now and then.</summary>
public sealed class ReplayedRuleTests
{
    static readonly DateTimeOffset From = new(2024, 9, 2, 0, 0, 0, TimeSpan.Zero);
    static readonly RetrainLoop.Monitor.Replays.Replay Old = new(
        Guid.NewGuid(), new ReplayStart(Batches.Deployment() with { Zone = "UTC" }, Batches.Model, "old", From, From.AddDays(21)), From, From.AddDays(21), From.AddDays(7), 0, From, From);

    static AlertRuleInfo Rule(AlertMetric metric, AlertComparison comparison, double? threshold, int minutes) =>
        new(Guid.NewGuid(), metric.ToString(), null, metric, comparison, threshold, minutes, AlertSeverity.Critical, "detection-drop", true);

    static List<SeriesBucket> Hourly(int day, int frames, Func<int, SeriesSecond> frame) => [.. Enumerable.Range(0, frames).Select(hour =>
    {
        var sketch = new SeriesSketch();
        sketch.Add(frame(hour));
        return new SeriesBucket(Batches.Model, ModelSlot.Champion, "berlin", "cam-1", From.AddDays(day).AddHours(hour), sketch);
    })];

    static ReplayPeriod Day(int day) => new(From.AddDays(day), From.AddDays(day + 1), 24, 0, 0, null, null, null, day < 7, day < 7 ? null : DriftLevel.Stable, []);

    static ReplayedRule Learned(AlertRuleInfo rule)
    {
        var begun = Assert.Single(ReplayedRule.Begin([rule], Old));
        var week = Enumerable.Range(0, 7).SelectMany(day => Hourly(day, 24, hour => Batches.Second(From.AddDays(day).AddHours(hour), detectionsEach: 4))).ToList();
        return begun.Learn(Old, [.. begun.FiguresOf(week, From, From.AddDays(7))]);
    }

    [Fact]
    public void Judge_OneFrameAnHour_CountsMinutesThatHoldFrames()
    {
        var rule = Learned(Rule(AlertMetric.DetectionsPerRequest, AlertComparison.DropsBy, 0.5, minutes: 10));
        // From six in the morning on the frames show one object instead of four; a frame that is missing at noon breaks no streak.
        var minutes = Hourly(7, 24, hour => Batches.Second(From.AddDays(7).AddHours(hour), detectionsEach: hour < 6 ? 4 : 1)).Where(minute => minute.Start.Hour != 12).ToList();
        var firing = Assert.Single(rule.Judge(Old, Day(7), minutes).Firings);
        Assert.Equal(From.AddDays(7).AddHours(16).AddMinutes(1), firing.FiredAt); // the tenth frame of it
        Assert.Null(firing.ResolvedAt);
        Assert.True(firing.Replay);
    }

    [Fact]
    public void Judge_DayWithoutFrames_NeitherFiresNorResolves()
    {
        var rule = Learned(Rule(AlertMetric.DetectionsPerRequest, AlertComparison.DropsBy, 0.5, minutes: 3));
        var fired = rule.Judge(Old, Day(7), Hourly(7, 24, hour => Batches.Second(From.AddDays(7).AddHours(hour), detectionsEach: 1)));
        var after = fired.Judge(Old, Day(8), []);
        Assert.Equal((fired.Status, 1), (after.Status, after.Firings.Count));
        var calm = after.Judge(Old, Day(9), Hourly(9, 24, hour => Batches.Second(From.AddDays(9).AddHours(hour), detectionsEach: 4)));
        Assert.Equal(From.AddDays(9).AddMinutes(1), Assert.Single(calm.Firings).ResolvedAt);
    }

    [Theory]
    [InlineData(AlertMetric.LatencyP95, "machine that replays")]
    [InlineData(AlertMetric.DetectionsPerMinute, "counts per time")]
    [InlineData(AlertMetric.NoData, "silence")]
    [InlineData(AlertMetric.HoldoutMap, "labels")]
    [InlineData(AlertMetric.MonitorLag, "this stack")]
    public void Judge_RuleThatOldFramesCannotAnswer_SaysWhy(AlertMetric metric, string reason)
    {
        var rule = Learned(Rule(metric, AlertComparison.Above, 0.0001, minutes: 1));
        Assert.Contains(reason, rule.NotJudged);
        Assert.Empty(rule.Judge(Old, Day(7), Hourly(7, 24, hour => Batches.Second(From.AddDays(7).AddHours(hour), latencyMs: 5000))).Firings);
    }

    [Fact]
    public void Begin_RulesOfOthers_AreLeftOut() => Assert.Empty(ReplayedRule.Begin(
        [
            Rule(AlertMetric.ErrorRate, AlertComparison.Above, null, 5) with { Deployment = "another" },
            Rule(AlertMetric.ErrorRate, AlertComparison.Above, null, 5) with { Model = new ModelRef("line", 9) },
            Rule(AlertMetric.ErrorRate, AlertComparison.Above, null, 5) with { Enabled = false },
        ], Old));
}
