using RetrainLoop.LocalHost.Stack;
using static RetrainLoop.LocalHost.Stack.ResourceState;

namespace RetrainLoop.Tests.LocalHost.Stack;

public sealed class StatesTests
{
    [Theory]
    [InlineData(false, false, StackState.Running, Running, Finished)]
    [InlineData(false, false, StackState.Starting, Running, Waiting)]
    [InlineData(false, false, StackState.Starting, Running, Restarting)]
    [InlineData(true, false, StackState.Degraded, Running, Restarting)]
    [InlineData(true, false, StackState.Degraded, Running, Unhealthy)]
    [InlineData(true, false, StackState.Running, Running, Running)]
    [InlineData(true, true, StackState.Stopping, Running, Running)]
    public void Of_Resources_IsTheirWorst(bool ranBefore, bool stopping, StackState expected, params ResourceState[] resources) =>
        Assert.Equal(expected, States.Of(resources, ranBefore, stopping));

    [Theory]
    [InlineData(Running, Running, Running)]
    [InlineData(Restarting, Running, Restarting)]
    [InlineData(Starting, Starting, Running)]
    [InlineData(Running, Finished, Running)]
    public void Of_Replicas_IsTheirWorst(ResourceState expected, params ResourceState[] processes) => Assert.Equal(expected, States.Of(processes));

    [Fact]
    public void RestartDelay_CrashesInARow_DoublesUpToHalfAMinute()
    {
        int[] crashes = [1, 2, 3, 7, 8, 100];
        Assert.Equal([0.25, 0.5, 1, 16, 30, 30], crashes.Select(count => RestartDelay.After(count).TotalSeconds));
    }
}
