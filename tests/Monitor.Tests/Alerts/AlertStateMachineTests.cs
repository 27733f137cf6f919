using RetrainLoop.Monitor.Alerts;

namespace RetrainLoop.Tests.Monitor.Alerts;

public sealed class AlertStateMachineTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    static string Go(string minutes, int calmNeeded = 1)
    {
        var (status, seen) = (AlertStatus.New(Start), "");
        for (var i = 0; i < minutes.Length; i++)
        {
            var kind = minutes[i] switch { 'b' => Observation.Breach, 'n' => Observation.NoData, 'e' => Observation.Error, _ => Observation.Fine };
            status = AlertStateMachine.Next(status, new RuleObservation(Start.AddMinutes(i + 1), kind, 1, 2, 3, ""), needed: 5, calmNeeded);
            seen += status.State switch { AlertState.NoData => 'D', var state => state.ToString()[0] };
        }
        return seen;
    }

    /// <summary>Minutes as letters: f fine, b breach, n no data, e error; states as their first letters (N normal, P, F, R, D no data, E).</summary>
    [Theory]
    [InlineData("ffff", "NNNN")]
    [InlineData("bbbbb", "PPPPF")]
    [InlineData("bbbbfbbbbb", "PPPPNPPPPF")] // one fine minute starts the count again
    [InlineData("bbbbbbf", "PPPPFFR")]
    [InlineData("bbbbbfb", "PPPPFRP")]
    [InlineData("bbnbbb", "PPDPPP")] // a gap breaks the streak
    [InlineData("bbbbbnnb", "PPPPFDDF")] // an open firing goes on when data come back
    [InlineData("bbbbbnnf", "PPPPFDDR")]
    [InlineData("fnef", "NDEN")]
    public void Next_Minutes_GoThroughTheStates(string minutes, string states) => Assert.Equal(states, Go(minutes));

    [Theory]
    [InlineData("bbbbbfff", "PPPPFFFR")] // three calm minutes
    [InlineData("bbbbbffbfff", "PPPPFFFFFFR")] // a breach begins the calm anew
    [InlineData("bbbbbfnff", "PPPPFFDFF")] // silence is no calm
    public void Next_KeepsFiring_UntilItWasCalmForLongEnough(string minutes, string states) => Assert.Equal(states, Go(minutes, calmNeeded: 3));

    [Fact]
    public void Withdraw_OpenOrPending_EndsIt()
    {
        var open = AlertStatus.New(Start) with { State = AlertState.NoData, FiredAt = Start };
        Assert.Equal((AlertState.Resolved, Start.AddMinutes(9)), (AlertStateMachine.Withdraw(open, "Gone.", Start.AddMinutes(9)).State, AlertStateMachine.Withdraw(open, "Gone.", Start.AddMinutes(9)).ResolvedAt));
        Assert.Equal(AlertState.Normal, AlertStateMachine.Withdraw(AlertStatus.New(Start) with { State = AlertState.Pending }, "Gone.", Start).State);
    }

    [Fact]
    public void Next_FiringAndResolving_KeepsTheTimes()
    {
        var status = AlertStatus.New(Start);
        for (var i = 1; i <= 8; i++)
            status = AlertStateMachine.Next(status, new RuleObservation(Start.AddMinutes(i), i <= 6 ? Observation.Breach : Observation.Fine, 1, 2, 3, ""), 5);
        Assert.Equal((Start.AddMinutes(5), Start.AddMinutes(7), Start.AddMinutes(7)), (status.FiredAt, status.ResolvedAt, status.Since));
    }

    [Fact]
    public void Next_LongBreach_HoldsItsFirstReference()
    {
        var status = AlertStatus.New(Start);
        for (var i = 1; i <= 60; i++)
            status = AlertStateMachine.Next(status, new RuleObservation(Start.AddMinutes(i), Observation.Breach, 0, 50, 100 - i, ""), 10);
        Assert.Equal(99, status.Reference);
    }
}
