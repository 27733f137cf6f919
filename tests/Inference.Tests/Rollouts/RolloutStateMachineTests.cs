using RetrainLoop.Inference.Rollouts;

namespace RetrainLoop.Tests.Inference.Rollouts;

public sealed class RolloutStateMachineTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly RolloutStep[] Steps = [new(0, 60, 10), new(0.05, 60, 10), new(1, 60, 10)];

    [Theory]
    [InlineData("running 0", "passed 0", 60, "running 1")]
    [InlineData("running 0", "passed 0", 59, "refused")] // still bakes
    [InlineData("running 2", "passed 2", 60, "succeeded 2")]
    [InlineData("running 1", "passed 0", 60, "refused")] // the verdict is on another step
    [InlineData("running 1", "failed 0", 60, "refused")]
    [InlineData("running 1", "failed 1", 0, "aborted 1")] // at once
    [InlineData("running 1", "inconclusive 1", 0, "paused 1")]
    [InlineData("running 1", "error 1", 0, "running 1")]
    [InlineData("paused 1", "passed 1", 60, "refused")]
    [InlineData("paused 1", "failed 1", 0, "aborted 1")]
    [InlineData("paused 1", "inconclusive 1", 0, "paused 1")]
    [InlineData("running 1", "pause", 0, "paused 1")]
    [InlineData("paused 1", "pause", 0, "paused 1")]
    [InlineData("paused 1", "resume", 0, "running 1")]
    [InlineData("running 1", "resume", 0, "running 1")]
    [InlineData("running 0", "promote", 0, "succeeded 0")]
    [InlineData("paused 1", "promote", 0, "succeeded 1")]
    [InlineData("running 0", "abort", 0, "aborted 0")]
    [InlineData("paused 2", "abort", 0, "aborted 2")]
    [InlineData("succeeded 2", "abort", 0, "refused")]
    [InlineData("aborted 1", "passed 1", 60, "refused")]
    [InlineData("aborted 1", "resume", 0, "refused")]
    public void Decide_EventInState_GivesNextOrRefusal(string from, string happened, int secondsLater, string expected)
    {
        var decision = RolloutStateMachine.Decide(Status(from), Steps, Event(happened), Start.AddSeconds(secondsLater));
        Assert.Equal(expected, decision.Next is { } next ? $"{next.State.ToString().ToLowerInvariant()} {next.Step}" : "refused");
        Assert.Equal(decision.Next is null, decision.Refusal.Length > 0);
    }

    [Fact]
    public void Decide_TooEarly_SaysHowLong() =>
        Assert.Equal(TimeSpan.FromSeconds(20), RolloutStateMachine.Decide(Status("running 0"), Steps, Event("passed 0"), Start.AddSeconds(40))
            .RetryAfter);

    [Fact]
    public void Decide_Resumed_BakesAnew()
    {
        var resumed = RolloutStateMachine.Decide(Status("paused 1"), Steps, Event("resume"), Start.AddHours(1)).Next!;
        Assert.Null(RolloutStateMachine.Decide(resumed, Steps, Event("passed 1"), Start.AddHours(1).AddSeconds(59)).Next);
    }

    [Fact]
    public void Wrong_Steps_MustRise()
    {
        Assert.Null(RolloutStateMachine.Wrong(Steps));
        Assert.NotNull(RolloutStateMachine.Wrong([new(0.5, 1, 1), new(0.5, 1, 1)]));
        Assert.NotNull(RolloutStateMachine.Wrong([]));
        Assert.NotNull(RolloutStateMachine.Wrong([new(1.1, 1, 1)]));
    }

    static RolloutStatus Status(string text) => new(Enum.Parse<RolloutState>(text.Split(' ')[0], true), int.Parse(text.Split(' ')[1]), Start);

    static RolloutEvent Event(string text) => text.Split(' ') switch
    {
        ["pause"] => new RolloutEvent.Pause(),
        ["resume"] => new RolloutEvent.Resume(),
        ["promote"] => new RolloutEvent.Promote(),
        ["abort"] => new RolloutEvent.Abort(),
        [var verdict, var step] => new RolloutEvent.Judged(int.Parse(step), Enum.Parse<Verdict>(verdict, true)),
        _ => throw new ArgumentException(text),
    };
}
