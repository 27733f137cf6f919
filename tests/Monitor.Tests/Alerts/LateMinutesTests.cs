using RetrainLoop.Monitor.Alerts;
using RetrainLoop.Monitor.Alerts.Evaluation;

namespace RetrainLoop.Tests.Monitor.Alerts;

/// <summary>Minutes as letters (f fine, b breach, n no data), judged again for a rule of five minutes; times in minutes.</summary>
public sealed class LateMinutesTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    static readonly AlertRuleInfo Rule = new(Guid.NewGuid(), "rule", null, AlertMetric.ErrorRate, AlertComparison.Above, 0.01, 5, AlertSeverity.Warning, "x", true);

    static LateFinding? Judge(string minutes, (int From, int To) late, AlertStatus? current = null, params PastFiring[] past) => LateMinutes.Judge(
        Rule, current ?? AlertStatus.New(Start), past, (Start.AddMinutes(late.From), Start.AddMinutes(late.To)),
        [.. minutes.Select((letter, at) => new LateMinute(Start.AddMinutes(at), _ => new RuleObservation(Start.AddMinutes(at + 1),
            letter switch { 'b' => Observation.Breach, 'n' => Observation.NoData, _ => Observation.Fine }, 1, 2, 3, "")))], Start.AddHours(1));

    static string Text(LateFinding? finding) => string.Join(", ", (finding?.Transitions ?? []).Select(change => $"{change.To.State} {(change.To.Since - Start).TotalMinutes}"));

    static PastFiring Past(int from, int? to) => new(Start.AddMinutes(from), to is { } end ? Start.AddMinutes(end) : null);

    [Theory]
    [InlineData("ffbbbbbbff", "Firing 7, Resolved 9")]
    [InlineData("ffbbbbbbbb", "Firing 7")]
    [InlineData("ffbbbbffff", "")] // four are not five
    [InlineData("bbbbbfbbbbbfff", "Firing 5, Resolved 6, Firing 11, Resolved 12")]
    [InlineData("ffbbbbbbnn", "Firing 7, NoData 9")] // open through a gap that is left
    public void Judge_NothingKnown_EntersWhatHappened(string minutes, string expected) => Assert.Equal(expected, Text(Judge(minutes, (0, 14))));

    [Fact]
    public void Judge_KnownAlready_IsNotEnteredAgain()
    {
        Assert.Null(Judge("ffbbbbbbff", (2, 8), past: Past(7, 9)));
        Assert.Null(Judge("ffbbbbbbff", (2, 8), past: Past(6, 8))); // other times, because less was known; who was told so was told so
        Assert.Null(Judge("ffbbbbbbbb", (2, 8), AlertStatus.New(Start) with { State = AlertState.Firing, FiredAt = Start.AddMinutes(9) }, Past(9, null)));
    }

    [Fact]
    public void Judge_FiringThatWasNone_IsNotResolvedInHindsight() =>
        Assert.Null(Judge("ffffffffff", (0, 10), AlertStatus.New(Start) with { State = AlertState.Firing, FiredAt = Start.AddMinutes(4) }, Past(4, null)));

    [Fact]
    public void Judge_BreachGoesOnAfterAKnownResolution_IsAnotherFiring() =>
        Assert.Equal("Firing 13, Resolved 15", Text(Judge("ffbbbbbbbbbbbbff", (2, 14), past: Past(7, 8))));

    [Fact]
    public void Judge_BreachOutsideOfWhatChanged_IsLeftAlone() => Assert.Null(Judge("fffffbbbbbff", (0, 5)));

    [Fact]
    public void Judge_EarlierThanTheLatestFiring_EntersItAndLeavesTheStatus()
    {
        var current = AlertStatus.New(Start) with { State = AlertState.Resolved, Since = Start.AddMinutes(18), FiredAt = Start.AddMinutes(17), ResolvedAt = Start.AddMinutes(18) };
        var finding = Judge("ffbbbbbbffffbbbbbfff", (2, 8), current, Past(17, 18));
        Assert.Equal(("Firing 7, Resolved 9", current), (Text(finding), finding!.Status));
    }

    [Fact]
    public void Judge_StillGoingOn_IsWhereTheAlertStandsNow()
    {
        var status = Judge("ffbbbbbbbb", (2, 10))!.Status;
        Assert.Equal((AlertState.Firing, Start.AddMinutes(7), Start.AddHours(1), 8), (status.State, status.FiredAt, status.FoundLateAt, status.Streak));
    }

    [Theory]
    [InlineData("fffffffbbb", 0, "Pending 8", 3)] // three more and it fires
    [InlineData("fffffffbfb", 3, "", 1)]
    [InlineData("ffffffffff", 3, "Normal 2", 0)]
    [InlineData("bbbbbbbbbb", 3, "", 3)] // began before what is seen here
    public void Judge_BreachesBeforeItFires_AreCountedAnew(string minutes, int counted, string expected, int streak)
    {
        var rule = Rule with { ForMinutes = 20 };
        var current = AlertStatus.New(Start) with { State = counted > 0 ? AlertState.Pending : AlertState.Normal, Streak = counted };
        var finding = LateMinutes.Judge(rule, current, [], (Start.AddMinutes(2), Start.AddMinutes(9)), [.. minutes.Select((letter, at) => new LateMinute(Start.AddMinutes(at),
            _ => new RuleObservation(Start.AddMinutes(at + 1), letter == 'b' ? Observation.Breach : Observation.Fine, 1, 2, 3, "")))], Start.AddHours(1));
        Assert.Equal((expected, streak), (Text(finding), (finding?.Status ?? current).Streak));
    }

    [Fact]
    public void Of_ChangesOfAFiringThatLostItsData_IsOneFiring() => Assert.Equal(
        [new PastFiring(DateTimeOffset.MinValue, Start), new PastFiring(Start.AddMinutes(1), Start.AddMinutes(3)), new PastFiring(Start.AddMinutes(4), null)],
        PastFiring.Of([(AlertState.Resolved, Start), (AlertState.Firing, Start.AddMinutes(1)), (AlertState.Firing, Start.AddMinutes(2)), (AlertState.Resolved, Start.AddMinutes(3)),
            (AlertState.Firing, Start.AddMinutes(4))]));
}
