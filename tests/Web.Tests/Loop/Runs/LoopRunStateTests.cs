using CsCheck;
using RetrainLoop.Web.Loop.Runs;
using static RetrainLoop.Web.Loop.Runs.LoopRunStage;

namespace RetrainLoop.Tests.Web.Loop.Runs;

public sealed class LoopRunStateTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    static readonly LoopRunEvent[] Events =
    [
        new LoopRunEvent.FramesSuffice("r"), new LoopRunEvent.LabelsSuffice("r"), new LoopRunEvent.DatasetFrozen("r"), new LoopRunEvent.TrainingSucceeded("r"),
        new LoopRunEvent.CandidateRegistered("r"), new LoopRunEvent.Validated(Verdict.Passed, "r"), new LoopRunEvent.Validated(Verdict.Failed, "r"),
        new LoopRunEvent.Validated(Verdict.Inconclusive, "r"), new LoopRunEvent.Validated(Verdict.Error, "r"), new LoopRunEvent.RolloutPaused("r"),
        new LoopRunEvent.RolloutResumed("r"), new LoopRunEvent.RolloutSucceeded("r"), new LoopRunEvent.RolloutAborted("r"), new LoopRunEvent.BaselineLocked("r"),
        new LoopRunEvent.Blocked("r"), new LoopRunEvent.GivenUp("r"), new LoopRunEvent.Accepted("r"), new LoopRunEvent.Rejected("r"),
        new LoopRunEvent.Cancelled("r"),
    ];

    static readonly Gen<LoopRunEvent[]> Histories = Gen.Int[0, Events.Length - 1].Select(index => Events[index]).Array[0, 60];

    public static TheoryData<LoopRunStage, string, LoopRunStage?> Table => new()
    {
        { Sampling, "FramesSuffice", Annotating }, { Sampling, "LabelsSuffice", Freezing }, { Sampling, "DatasetFrozen", null },
        { Annotating, "LabelsSuffice", Freezing },
        { Annotating, "FramesSuffice", null }, { Freezing, "DatasetFrozen", Training }, { Training, "TrainingSucceeded", Registering },
        { Training, "Blocked", WaitingForPerson },
        { Registering, "CandidateRegistered", Validating }, { Registering, "GivenUp", Failed }, { Validating, "Validated Passed", RollingOut },
        { Validating, "Validated Failed", Failed },
        { Validating, "Validated Inconclusive", WaitingForPerson }, { Validating, "Validated Error", WaitingForPerson }, { RollingOut, "Validated Passed", null },
        { RollingOut, "RolloutPaused", WaitingForPerson }, { RollingOut, "RolloutSucceeded", LockingBaseline }, { RollingOut, "RolloutAborted", Failed },
        { RollingOut, "Accepted", null }, { LockingBaseline, "BaselineLocked", Completed }, { LockingBaseline, "Cancelled", Cancelled },
        { Completed, "Cancelled", null },
        { Failed, "Accepted", null }, { Cancelled, "Blocked", null },
    };

    [Theory, MemberData(nameof(Table))]
    public void Apply_StageAndEvent_LeadsWhereTheTableSays(LoopRunStage stage, string happened, LoopRunStage? next)
    {
        var outcome = LoopRunState.Apply(new LoopRunState(stage, Now.AddHours(-1)), Events.Single(one => Name(one) == happened), Now);
        Assert.Equal(next, outcome.Next?.Stage);
        if (outcome.Next is { } state) Assert.Equal(Now, state.Since);
    }

    [Theory]
    [InlineData(Training, "Blocked", Training, 2)]
    [InlineData(Validating, "Validated Inconclusive", RollingOut, 1)]
    [InlineData(Validating, "Validated Error", Validating, 2)]
    [InlineData(RollingOut, "RolloutPaused", RollingOut, 2)]
    public void Apply_PersonAccepts_GoesOnOrTriesAgainUnderNewKeys(LoopRunStage stage, string happened, LoopRunStage next, int attempt)
    {
        var asked = LoopRunState.Apply(new LoopRunState(stage, Now), Events.Single(one => Name(one) == happened), Now).Next!;
        Assert.Equal("r", asked.Question);
        var accepted = LoopRunState.Apply(asked, new LoopRunEvent.Accepted("go on"), Now).Next!;
        Assert.Equal(new LoopRunState(next, Now, attempt), accepted);
        Assert.Equal(Cancelled, LoopRunState.Apply(asked, new LoopRunEvent.Rejected("no"), Now).Next!.Stage);
    }

    [Fact]
    public void Apply_RolloutMovedOnItsOwnPageWhileAsked_AnswersTheQuestion()
    {
        var asked = LoopRunState.Apply(new LoopRunState(RollingOut, Now), new LoopRunEvent.RolloutPaused("r"), Now).Next!;
        Assert.Equal(RollingOut, LoopRunState.Apply(asked, new LoopRunEvent.RolloutResumed("r"), Now).Next!.Stage);
        Assert.Equal(LockingBaseline, LoopRunState.Apply(asked, new LoopRunEvent.RolloutSucceeded("r"), Now).Next!.Stage);
        var gate = LoopRunState.Apply(new LoopRunState(Validating, Now), new LoopRunEvent.Validated(Verdict.Inconclusive, "r"), Now).Next!;
        Assert.Null(LoopRunState.Apply(gate, new LoopRunEvent.RolloutSucceeded("r"), Now).Next);
    }

    [Fact]
    public void Apply_AnyHistory_NeverLeavesAFinalStageNorServesAnUnjudgedCandidate() => Histories.Sample(history =>
    {
        var state = LoopRunState.Begin(Now);
        var gated = false;
        foreach (var happened in history)
        {
            var outcome = LoopRunState.Apply(state, happened, Now);
            if (LoopRunState.IsFinal(state.Stage) && outcome.Next is not null) return false;
            if (outcome.Next is not { } next) continue;
            gated |= state.Stage == Validating && next.Stage == RollingOut;
            gated |= state is { Stage: WaitingForPerson, AskedIn: Validating } && happened is LoopRunEvent.Accepted && next.Stage == RollingOut;
            if (next.Stage is RollingOut or LockingBaseline or Completed && !gated) return false;
            if ((next.Stage == WaitingForPerson) != (next.OnAccept is not null && next.Question is not null)) return false;
            state = next;
        }
        return true;
    });

    static string Name(LoopRunEvent happened) => happened is LoopRunEvent.Validated gate ? $"Validated {gate.Verdict}" : happened.GetType().Name;
}
