using RetrainLoop.Inference.Execution;

namespace RetrainLoop.Tests.Inference.Execution;

public sealed class ExecutionOptionsTests
{
    [Theory]
    [InlineData(2000, 10_000, 0, false)] // it never left the queue
    [InlineData(2000, 10_000, 50, false)] // it began just before its deadline
    [InlineData(2000, 10_000, 2000, true)]
    [InlineData(2000, 1000, 100, false)]
    [InlineData(2000, 1000, 900, true)] // the deadline comes before the stall
    public void IsStall_GivenUpFrame_BlamesModelOrLoad(int stall, int deadline, int computing, bool expected) =>
        Assert.Equal(expected, new ExecutionOptions { StallMs = stall, DeadlineMs = deadline }.IsStall(TimeSpan.FromMilliseconds(computing)));
}
