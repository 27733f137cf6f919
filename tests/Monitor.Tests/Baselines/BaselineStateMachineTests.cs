using RetrainLoop.Monitor.Baselines;

namespace RetrainLoop.Tests.Monitor.Baselines;

public sealed class BaselineStateMachineTests
{
    static readonly BaselineOptions Options = new() { Window = TimeSpan.FromMinutes(10), MinimumRequests = 100, MinimumDetections = 200 };

    [Theory]
    [InlineData(0, 0, 0, BaselineState.Collecting, 0)]
    [InlineData(5, 1000, 1000, BaselineState.Collecting, 0.5)] // time is the lesser
    [InlineData(20, 25, 1000, BaselineState.Collecting, 0.25)]
    [InlineData(20, 1000, 150, BaselineState.Collecting, 0.75)]
    [InlineData(10, 100, 200, BaselineState.Locked, 1)]
    public void Next_Collected_LocksWhenTimeAndTrafficAreThere(int minutes, long requests, long detections, BaselineState state, double progress) =>
        Assert.Equal(new BaselineStep(state, progress), BaselineStateMachine.Next(BaselineState.Collecting,
            new BaselineEvent.Collected(new BaselineCollection(TimeSpan.FromMinutes(minutes), requests, detections)), Options));

    [Theory]
    [InlineData(BaselineState.Collecting)]
    [InlineData(BaselineState.Locked)]
    [InlineData(BaselineState.Superseded)]
    public void Next_NewerLocked_IsSuperseded(BaselineState state) =>
        Assert.Equal(BaselineState.Superseded, BaselineStateMachine.Next(state, new BaselineEvent.NewerLocked(), Options).State);

    [Fact]
    public void Next_LockedGetsMoreTraffic_StaysAsItIs() => Assert.Equal(BaselineState.Locked, BaselineStateMachine.Next(BaselineState.Locked,
        new BaselineEvent.Collected(new BaselineCollection(TimeSpan.Zero, 0, 0)), Options).State);

    [Fact]
    public void HourOfWeek_BerlinMonday_FollowsTheZone()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        Assert.Equal(0, HourOfWeek.Of(new DateTimeOffset(2026, 11, 22, 23, 30, 0, TimeSpan.Zero), berlin)); // Monday 00:30 there
        Assert.Equal(167, HourOfWeek.Of(new DateTimeOffset(2026, 11, 22, 22, 30, 0, TimeSpan.Zero), berlin));
    }
}
