using RetrainLoop.Monitor.Telemetry;

namespace RetrainLoop.Tests.Monitor.Telemetry;

public sealed class ReplicaClocksTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-30)]
    [InlineData(30)]
    public void Settle_CallsThatAreNowAndThenSlow_IsTheClocksDifference(double ahead)
    {
        var clocks = new ReplicaClocks();
        TimeSpan found = default;
        for (var call = 0; call < 50; call++) found = clocks.Settle("a", TimeSpan.FromSeconds(ahead - (call % 3 == 0 ? 0.2 : 8)));
        Assert.Equal(ahead, found.TotalSeconds, 0.3);
    }

    [Fact]
    public void Settle_ClockThatWasSet_IsFollowed()
    {
        var clocks = new ReplicaClocks();
        for (var call = 0; call < 50; call++) clocks.Settle("a", TimeSpan.FromSeconds(30));
        TimeSpan found = default;
        for (var call = 0; call < 20; call++) found = clocks.Settle("a", TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, found);
    }
}
