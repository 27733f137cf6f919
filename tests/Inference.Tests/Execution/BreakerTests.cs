using RetrainLoop.Inference.Execution;

namespace RetrainLoop.Tests.Inference.Execution;

public sealed class BreakerTests
{
    static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("+", BreakerPosition.Closed)]
    [InlineData("xx", BreakerPosition.Closed)]
    [InlineData("xxx", BreakerPosition.Open)] // three in a row
    [InlineData("xx+xx+xx+", BreakerPosition.Closed)]
    [InlineData("x+x+x+x+x+x+x+x+x+x+x", BreakerPosition.Open)] // half of the last twenty
    [InlineData("+++++++++++++++++++++xx", BreakerPosition.Closed)]
    [InlineData("s", BreakerPosition.Open)] // one stall
    [InlineData("xxx+++", BreakerPosition.Open)] // late answers close nothing
    public void After_Outcomes_GivesPosition(string outcomes, BreakerPosition expected)
    {
        var breaker = outcomes.Aggregate(default(Breaker), (state, outcome) => state.After(EventOf(outcome), Now));
        Assert.Equal(expected, breaker.Position);
        Assert.Equal(expected == BreakerPosition.Closed, breaker.Ask(Now).Allowed);
    }

    [Fact]
    public void Ask_AfterThePause_LetsOneTrialThrough()
    {
        var open = default(Breaker).After(BreakerEvent.Stalled, Now);
        Assert.False(open.Ask(Now.AddSeconds(29)).Allowed);
        var (allowed, trial) = open.Ask(Now.AddSeconds(30));
        Assert.True(allowed);
        Assert.False(trial.Ask(Now.AddSeconds(31)).Allowed);
        Assert.Equal(default, trial.After(BreakerEvent.Succeeded, Now.AddSeconds(31)));
    }

    [Fact]
    public void After_FailedTrials_PausesLongerUpToTenMinutes()
    {
        var (breaker, now) = (default(Breaker).After(BreakerEvent.Stalled, Now), Now);
        var pauses = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            pauses.Add((breaker.Until - now).TotalSeconds);
            now = breaker.Until;
            breaker = breaker.Ask(now).Next.After(BreakerEvent.Failed, now);
        }
        Assert.Equal([30, 60, 120, 240, 480, 600, 600], pauses);
    }

    [Fact]
    public void Ask_TrialWithoutOutcome_IsRepeated()
    {
        var trial = default(Breaker).After(BreakerEvent.Stalled, Now).Ask(Now.AddSeconds(30)).Next;
        Assert.True(trial.Ask(Now.AddSeconds(60)).Allowed);
    }

    static BreakerEvent EventOf(char outcome) =>
        outcome switch { '+' => BreakerEvent.Succeeded, 'x' => BreakerEvent.Failed, _ => BreakerEvent.Stalled };
}
