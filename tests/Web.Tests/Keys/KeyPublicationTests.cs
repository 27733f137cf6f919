using RetrainLoop.Web.Keys;
using RetrainLoop.Web.Stack;

namespace RetrainLoop.Tests.Web.Keys;

public sealed class KeyPublicationTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, 0, ComponentState.Up, true)]
    [InlineData(6L, 0, ComponentState.Up, true)]
    [InlineData(7L, 1, ComponentState.Up, false)]
    [InlineData(7L, 1, ComponentState.Away, false)]
    [InlineData(7L, 1, ComponentState.Starting, true)]
    [InlineData(7L, 10, ComponentState.Up, true)]
    public void IsDue_RevisionAgeAndState_Decide(long? acknowledged, int secondsAgo, ComponentState state, bool due) =>
        Assert.Equal(due, new KeyPublication(acknowledged, Now.AddSeconds(-secondsAgo)).IsDue(7, state, Now, TimeSpan.FromSeconds(10)));
}
