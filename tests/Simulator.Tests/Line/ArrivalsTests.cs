using RetrainLoop.Simulator.Line;
using RetrainLoop.Simulator.Scenes;

namespace RetrainLoop.Tests.Simulator.Line;

public sealed class ArrivalsTests
{
    [Fact]
    public void Next_ManyDraws_AreExponentialOfTheRate()
    {
        var random = RandomStream.Of(1);
        var waits = Enumerable.Range(0, 20_000).Select(_ => Arrivals.Next(ref random, 4).TotalSeconds).ToList();
        var mean = waits.Average();
        Assert.InRange(mean, 0.245, 0.255);
        Assert.InRange(Math.Sqrt(waits.Average(wait => (wait - mean) * (wait - mean))) / mean, 0.97, 1.03);
        Assert.InRange(waits.Count(wait => wait > 0.25) / 20_000.0, 0.36, 0.376); // e^-1
    }

    [Theory]
    [InlineData(14, 0, 1.2)]
    [InlineData(2, 0, 0.8)]
    [InlineData(5, 135, 1.2)]
    [InlineData(20, -90, 1.2)]
    public void DayFactor_AtAnHour_FollowsTheSitesSun(double utcHour, double longitude, double expected) =>
        Assert.Equal(expected, Arrivals.DayFactor(DateTimeOffset.UnixEpoch.AddHours(utcHour), longitude, 0.2), 6);
}
