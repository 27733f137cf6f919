using RetrainLoop.Web.Loop.Runs;
using RetrainLoop.Web.Pages.Loop;

namespace RetrainLoop.Tests.Web.Pages;

public sealed class PassStepsTests
{
    static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    static List<LoopRunTransition> History(params LoopRunStage[] stages) =>
        [.. stages.Select((stage, index) => new LoopRunTransition(index == 0 ? null : stages[index - 1], stage, "because", "stack", Start.AddMinutes(index)))];

    [Fact]
    public void Of_Training_IsDoneBeforeAndAheadAfter()
    {
        var steps = PassSteps.Of(new LoopRunState(LoopRunStage.Training, Start.AddMinutes(3)),
            History(LoopRunStage.Sampling, LoopRunStage.Annotating, LoopRunStage.Freezing, LoopRunStage.Training));
        Assert.Equal(
            [StepState.Done, StepState.Done, StepState.Done, StepState.Current, StepState.Ahead, StepState.Ahead, StepState.Ahead, StepState.Ahead],
            steps.Select(step => step.State));
        Assert.Equal(TimeSpan.FromMinutes(1), steps[0].Elapsed(Start.AddHours(1)));
        Assert.Equal(TimeSpan.FromMinutes(7), steps[3].Elapsed(Start.AddMinutes(10)));
    }

    [Fact]
    public void Of_WaitingForPerson_PointsAtTheStageThatAsks()
    {
        var state = new LoopRunState(LoopRunStage.WaitingForPerson, Start, AskedIn: LoopRunStage.Validating, OnAccept: LoopRunStage.RollingOut, Question: "Roll out?");
        var steps = PassSteps.Of(state, History([.. PassSteps.Order.Take(6), LoopRunStage.WaitingForPerson]));
        Assert.Equal(LoopRunStage.Validating, Assert.Single(steps, step => step.State == StepState.Asks).Stage);
    }

    [Fact]
    public void Of_QuestionWhetherToBegin_AsksAtTheFirstStage()
    {
        var steps = PassSteps.Of(LoopRunState.BeginAsking("Begin?", Start), History(LoopRunStage.WaitingForPerson));
        Assert.Equal(StepState.Asks, steps[0].State);
        Assert.All(steps.Skip(1), step => Assert.Equal(StepState.Ahead, step.State));
    }

    [Theory]
    [InlineData(LoopRunStage.Failed)]
    [InlineData(LoopRunStage.Cancelled)]
    public void Of_EndedEarly_MarksTheLastStage(LoopRunStage end)
    {
        var steps = PassSteps.Of(new LoopRunState(end, Start.AddMinutes(2)), History(LoopRunStage.Sampling, LoopRunStage.Annotating, end));
        Assert.Equal(LoopRunStage.Annotating, Assert.Single(steps, step => step.State == StepState.Failed).Stage);
    }
}
